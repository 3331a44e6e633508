"""Why: what who signs first writes."""

from django import forms

from requests_app.pages.staff.fields import LineField


class WhyForm(forms.Form):
    """The reason for what two people sign."""

    reason = LineField(label="Why", most=300, missing="Write why.")
