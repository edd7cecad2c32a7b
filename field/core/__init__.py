"""What every room stands on; knows nothing of doors or visits."""
