"""Where phone and desk meet: the inbox, the pack, receipts, reconciliation."""
