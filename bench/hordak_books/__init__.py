"""Another ledger to measure against: django-hordak, with the lock and balance check it leaves out."""
