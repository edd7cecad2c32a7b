"""The phone's shell, worker, precache list and manifest: no personal data in any of them."""
