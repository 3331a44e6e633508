"""The draw of a round: how far it is, a person's hash, and the secret behind it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.schema import KEY_OPTIONAL, Operation
from requests_app.queries import round_draws as queries
from requests_app.services import round_draws

HASH_LETTERS, SECRET_LETTERS = 64, 200


class HashSent(fields.Sent):
    """A hash."""

    commitment = fields.Line(most=HASH_LETTERS, help_text="The SHA-256 of your secret, in lower-case hex.")


class SecretSent(fields.Sent):
    """A secret, and what the beacon said."""

    secret = fields.Line(most=SECRET_LETTERS, help_text="The text whose hash you published.")
    beacon_value = fields.Line(
        most=HASH_LETTERS,
        blank=True,
        required=False,
        help_text="The value of the beacon, if one was named.",
    )


class DrawSecret(fields.Shown):
    """One person's part."""

    commitment = serializers.CharField()
    committed_at = fields.MomentOut()
    revealed_at = fields.MomentOut(allow_null=True)
    secret = serializers.CharField(allow_null=True, help_text="Null until all secrets are told.")


class Draw(fields.Shown):
    """How far a draw is."""

    list_root = serializers.CharField()
    secrets = serializers.ListField(child=DrawSecret())
    beacon_round = serializers.IntegerField(allow_null=True)
    beacon_at = fields.MomentOut(allow_null=True, help_text="When the beacon's value comes out.")
    beacon_value = serializers.CharField()
    seed = serializers.CharField(help_text="Empty until all secrets are told.")
    missing = serializers.CharField(help_text="What the draw waits for, in words.")


SECRET_SAMPLE = "harbor lantern 7 windows"  # noqa: S105  # an example, of a hash that everybody may see
HASH_SAMPLE = "9d0e" * 16
SAMPLE: Body = {
    "list_root": "77b1" * 16,
    "secrets": [
        {
            "commitment": HASH_SAMPLE,
            "committed_at": "2023-09-22T16:00:00Z",
            "revealed_at": None,
            "secret": None,
        }
    ],
    "beacon_round": None,
    "beacon_at": None,
    "beacon_value": "",
    "seed": "",
    "missing": "The draw waits for one more person to commit to a secret. Another person than the first.",
}
_REFUSALS = ["forbidden", "self_approval", "wrong_state"]


def draw_body(found: queries.DrawStanding) -> Body:
    """This will write how far a draw is; the secrets only when all are told."""
    published = found.published
    return {
        "list_root": published.list_root,
        "secrets": [
            {
                "commitment": one.commitment,
                "committed_at": stamp(one.created_at),
                "revealed_at": stamp_or_null(one.revealed_at),
                "secret": one.secret if published.seed else None,
            }
            for one in found.secrets
        ],
        "beacon_round": published.beacon_round,
        "beacon_at": stamp_or_null(queries.beacon_moment(published)),
        "beacon_value": published.beacon_value if published.seed else "",
        "seed": published.seed,
        "missing": found.missing,
    }


class DrawDoor(Door):
    """What the addresses of a draw share."""

    def shown(self, round_id: UUID) -> queries.DrawStanding:
        """This will read how far the draw is."""
        return queries.draw_standing(self.actor, round_id=round_id)


class RoundDraw(DrawDoor):
    """How far a draw is."""

    @Operation(
        "get_draw", "See how far a draw is", tag="rounds", scope="rounds:read", gives=Draw, sample=SAMPLE
    )
    def get(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(draw_body(self.shown(round_id)))


class RoundSecrets(DrawDoor):
    """Hashes published."""

    @Operation(
        "commit_secret",
        "Publish the hash of your secret",
        tag="rounds",
        scope="rounds:approve",
        sends=HashSent,
        sample_sent={"commitment": HASH_SAMPLE},
        gives=Draw,
        sample=SAMPLE,
        key=KEY_OPTIONAL,
        refusals=_REFUSALS,
        description="Two people do this before either tells the secret; programs count as their owner.",
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will publish it."""
        said = self.read(HashSent)
        return self.act(
            lambda once: round_draws.commit_secret(
                round_id=round_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda _: self.shown(round_id),
            body_of=lambda _: draw_body(self.shown(round_id)),
        )


class RoundRevelation(DrawDoor):
    """Secrets told."""

    @Operation(
        "reveal_secret",
        "Tell the secret behind your hash",
        tag="rounds",
        scope="rounds:approve",
        sends=SecretSent,
        sample_sent={"secret": SECRET_SAMPLE},
        gives=Draw,
        sample=SAMPLE,
        key=KEY_OPTIONAL,
        refusals=_REFUSALS,
        description="The last secret makes the seed. Until then nobody is shown the first.",
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will take it."""
        said: dict[str, Any] = {"beacon_value": "", **self.read(SecretSent)}
        return self.act(
            lambda once: round_draws.reveal_secret(
                round_id=round_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda _: self.shown(round_id),
            body_of=lambda _: draw_body(self.shown(round_id)),
        )
