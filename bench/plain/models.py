"""Two tables: what was asked, and who wrote it when."""

from django.db import models


class PlainRequest(models.Model):
    """A request as a first version would keep it."""

    fund = models.ForeignKey("fundmgr.Fund", on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey("fundmgr.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20, unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    production = models.CharField(max_length=120)
    craft = models.CharField(max_length=60)
    last_worked_on = models.DateField()
    asked = models.DecimalField(max_digits=12, decimal_places=2)
    needs = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.reference


class PlainAudit(models.Model):
    """One line of who did what."""

    request = models.ForeignKey(PlainRequest, on_delete=models.PROTECT, related_name="+")
    client = models.CharField(max_length=120)
    verb = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.verb
