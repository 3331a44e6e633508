"""A ModelViewSet behind a token with a scope, as the frameworks' own tutorials build it."""

from django.db import transaction
from django.urls import include, path
from oauth2_provider.contrib.rest_framework import OAuth2Authentication, TokenHasScope
from rest_framework import serializers, viewsets
from rest_framework.routers import DefaultRouter

from bench.plain.models import PlainAudit, PlainRequest


class PlainSerializer(serializers.ModelSerializer):
    """Every column, with the framework's own validators."""

    class Meta:
        model = PlainRequest
        fields = "__all__"


class PlainViewSet(viewsets.ModelViewSet):
    """Create, list, read, change and remove."""

    queryset = PlainRequest.objects.all()
    serializer_class = PlainSerializer
    authentication_classes = [OAuth2Authentication]
    permission_classes = [TokenHasScope]
    required_scopes = ["requests:write"]

    def perform_create(self, serializer: PlainSerializer) -> None:
        """Write the row and its line of audit together."""
        with transaction.atomic():
            row = serializer.save()
            client = self.request.auth.application.name
            PlainAudit.objects.create(request=row, client=client, verb="created")


router = DefaultRouter()
router.register("requests", PlainViewSet)
urlpatterns = [path("", include(router.urls))]
