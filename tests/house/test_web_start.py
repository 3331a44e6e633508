"""The web process starts without the worker's weight."""

import subprocess
import sys


def test_the_web_process_loads_neither_celery_nor_numpy_nor_a_decoder():
    code = (
        "import sys; import fundmgr.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        "heavy = ('celery', 'numpy', 'typst', 'PIL', 'pikepdf', 'pi_heif', 'puremagic');"
        "print([name for name in heavy if name in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
