"""URLs of the public pages, the worker's pages and the demo."""

from django.urls import path
from django.views.i18n import set_language

from requests_app.pages import demo, public, public_rounds, text_hook
from requests_app.pages.applicant import (
    acts,
    appeal,
    apply,
    documents,
    sign_in,
    status,
    taking_back,
    texts,
)
from requests_app.pages.donor import links, view

urlpatterns = [
    path("", public.home, name="home"),
    path("hooks/texts/", text_hook.texts, name="text-hook"),
    path("language/", set_language, name="language"),
    path("demo/", demo.people, name="demo"),
    path("demo/as/<uuid:user_id>/", demo.sign_in_as, name="demo-sign-in"),
    path("demo/mail/", demo.mail, name="demo-mail"),
    path("f/<slug:slug>/", public.fund, name="fund"),
    path("f/<slug:slug>/rule.json", public_rounds.rule_file, name="rule-file"),
    path("f/<slug:slug>/rounds/", public_rounds.rounds, name="rounds"),
    path("f/<slug:slug>/rounds/<int:number>.json", public_rounds.file, name="round-file"),
    path("f/<slug:slug>/rounds/<str:program>", public_rounds.program, name="round-program"),
    path("f/<slug:slug>/donor/", links.ask, name="donor-ask"),
    path("f/<slug:slug>/donor/sent/", links.sent, name="donor-sent"),
    path("f/<slug:slug>/donor/open/<slug:token>/", links.open_, name="donor-open"),
    path("f/<slug:slug>/donor/view/", view.view, name="donor-view"),
    path("f/<slug:slug>/donor/view/letter-<int:number>.pdf", view.letter, name="donor-letter"),
    path("f/<slug:slug>/donor/leave/", links.leave, name="donor-leave"),
    path("f/<slug:slug>/apply/", apply.start, name="apply"),
    path("f/<slug:slug>/apply/saved/", apply.saved, name="saved"),
    path("f/<slug:slug>/apply/not-covered/", apply.not_covered, name="not-covered"),
    path("f/<slug:slug>/apply/already/", apply.already, name="already"),
    path("f/<slug:slug>/apply/check/", apply.check, name="check"),
    path("f/<slug:slug>/apply/contact/", sign_in.contact, {"is_applying": True}, name="apply-contact"),
    path("f/<slug:slug>/apply/code/", sign_in.code, {"is_applying": True}, name="apply-code"),
    path("f/<slug:slug>/apply/code/again/", sign_in.resend, {"is_applying": True}, name="apply-resend"),
    path("f/<slug:slug>/apply/proof/add/", documents.proof_add, name="proof-add"),
    path("f/<slug:slug>/apply/proof/<uuid:document_id>/", documents.opened, name="proof"),
    path("f/<slug:slug>/apply/proof/<uuid:document_id>/remove/", documents.proof_remove, name="proof-remove"),
    path("f/<slug:slug>/apply/<slug:page>/", apply.question, name="question"),
    path("f/<slug:slug>/sign-in/", sign_in.contact, {"is_applying": False}, name="sign-in"),
    path("f/<slug:slug>/sign-in/code/", sign_in.code, {"is_applying": False}, name="sign-in-code"),
    path("f/<slug:slug>/sign-in/code/again/", sign_in.resend, {"is_applying": False}, name="sign-in-resend"),
    path("f/<slug:slug>/sign-out/", sign_in.sign_out, name="sign-out"),
    path("f/<slug:slug>/request/", status.my_request, name="my-request"),
    path("f/<slug:slug>/request/receipt/", status.receipt, name="receipt"),
    path("f/<slug:slug>/request/answer/", acts.answer, name="answer"),
    path("f/<slug:slug>/request/photos/", documents.photos, name="photos"),
    path("f/<slug:slug>/request/photos/add/", documents.photo_add, name="photo-add"),
    path("f/<slug:slug>/request/photos/<uuid:document_id>/", documents.opened, name="photo"),
    path(
        "f/<slug:slug>/request/photos/<uuid:document_id>/remove/", documents.photo_remove, name="photo-remove"
    ),
    path("f/<slug:slug>/request/look-again/", appeal.look_again, name="look-again"),
    path("f/<slug:slug>/request/texts/", texts.choice, name="texts"),
    path("f/<slug:slug>/request/take-back/", taking_back.withdraw, name="withdraw"),
    path("f/<slug:slug>/request/take-back/undo/", taking_back.undo, name="undo"),
    path("f/<slug:slug>/request/send-back/", taking_back.send_back, name="send-back"),
    path("f/<slug:slug>/request/give-up/", taking_back.decline, name="decline"),
    path("f/<slug:slug>/request/pay/", acts.pay, name="pay"),
    path("f/<slug:slug>/request/pay/<slug:method>/", acts.pay_details, name="pay-details"),
]
