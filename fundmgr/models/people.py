"""Who can sign in, what they are in a fund, and the programs that act for them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import prepared
from fundmgr.models.base import FundRow, word_check, word_field


class UserManager(BaseUserManager["User"]):
    """Makes users; a worker has no e-mail here, for their contact is kept encrypted elsewhere."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """This will make a user; without a password nobody can sign in by one."""
        now = fields.pop("now", None) or timezone.now()
        fields.setdefault("id", ids.new_id(now))
        user = self.model(email=self.normalize_email(email) if email else None, created_at=now, **fields)
        user.set_password(password)
        return prepared.added(user)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """This will make a user for the repair pages."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person. Staff sign in by e-mail and second factor; workers by a code sent to them."""

    id = models.UUIDField(primary_key=True)
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email or str(self.id)


class Membership(FundRow):
    """What a person is in a fund; ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = word_field(Role)
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "user", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_live_membership",
            ),
            word_check("membership_role", "role", Role),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class ApiClient(FundRow):
    """A program: one role in one fund, for one owner, who counts as the person that acts."""

    oauth_client_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = word_field(Role)
    scopes = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [word_check("api_client_role", "role", Role)]

    def __str__(self) -> str:
        return self.name
