"""What workers said of the form, counted over the API."""

from builders import NOW
from calling import file_request

from fundmgr.domain import actors, ids
from fundmgr.domain.opinions import FormOpinion
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from requests_app.models import Applicant
from requests_app.services import form_feedback


def test_counts_without_names(world, program):
    request = file_request(world, "ana@example.com")
    user = User.objects.create_user(now=NOW)
    Applicant.objects.filter(id=request.applicant_id).update(user=user)
    by, said = actors.person(user.id), {"fund_id": world.fund.id, "text": "", "language": "es", "now": NOW}
    for mark in ("one", "two", "two"):
        form_feedback.give(**said, opinion=FormOpinion.HARD, by=by, mark=mark)

    path = f"funds/{ids.public('fund', world.fund.id)}/form-feedback"
    found = program(Role.REVIEWER).get(path).json()

    assert found == {
        "fund_id": ids.public("fund", world.fund.id),
        "easy_count": 0,
        "fair_count": 0,
        "hard_count": 2,
    }
    assert program(Role.TREASURER_PREPARES).get(path).status_code == 403
