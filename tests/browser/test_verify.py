"""A browser checks a passport by itself: nothing is sent, what does not hold is named."""

from pathlib import Path

from playwright.sync_api import expect

from jasyl.texts import LANGUAGES

KEPT = Path(__file__).parents[2] / "frontend" / "tests" / "fixtures"


def given(page, data, name="n.passport"):
    page.locator(".verify-drop input").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
    page.wait_for_selector(".verify-verdict[data-state=holds], .verify-verdict[data-state=refused]")


def test_a_passport_from_elsewhere_with_its_own_policy(visit):
    with visit("/en/verify") as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        good = (KEPT / "statement.passport").read_bytes()
        given(page, good)
        # The keys of this site are not those of that log.
        expect(page.locator(".verify-verdict")).to_have_attribute("data-state", "refused")
        expect(page.locator("[data-outcome=failed]")).to_have_attribute("data-step", "policy")
        page.locator(".verify-policy summary").click()
        policy = {"name": "policy", "mimeType": "text/plain", "buffer": (KEPT / "policy").read_bytes()}
        page.locator(".verify-policy input").set_input_files(policy)
        given(page, good)
        page.wait_for_selector(".verify-verdict[data-state=holds]")
        expect(page.locator("[data-outcome=done]")).to_have_count(9)
        expect(page.locator(".verify-steps li")).to_have_count(9)
        expect(page.locator("[data-weakest]")).to_have_attribute("data-weakest", "operator-entered")
        changed = bytearray(good)
        changed[good.index(b'"count":96') + 9] ^= 1
        given(page, bytes(changed))
        page.wait_for_selector(".verify-verdict[data-state=refused]")
        expect(page.locator("[data-outcome=failed]")).to_have_attribute("data-step", "inputs")
        expect(page.locator(".verify-verdict")).to_contain_text("record")
        given(page, b"something else")
        expect(page.locator("[data-outcome=failed]")).to_have_attribute("data-step", "form")
        expect(page.locator(".verify-verdict")).to_contain_text("it is none")
        given(page, b"c2sp.org/tlog-proof@v1\nindex 0\n\n")
        expect(page.locator(".verify-verdict")).to_contain_text("the proof of one record")
        given(page, bytes(1024 * 1024 + 1))
        expect(page.locator(".verify-verdict")).to_contain_text("larger than 1 MiB")
        assert asked == []


def test_a_statement_checks_itself(visit):
    with visit("/en/statements") as page:
        page.locator("main table tbody a").first.click()
        page.wait_for_url("**/en/statements/*")
        page.wait_for_selector(".verify button")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.locator(".verify button").click()
        page.wait_for_selector(".verify-verdict[data-state=holds]")
        assert [url.endswith("/passport") for url in asked] == [True]
        expect(page.locator("[data-outcome=done]")).to_have_count(9)
        with page.expect_download() as download:
            page.locator("a.button[download]").first.click()
        saved = Path(download.value.path()).read_bytes()
        assert saved.startswith(b"jasyl-passport/1\n")
        page.goto("/en/verify")
        page.wait_for_selector(".verify-drop")
        given(page, saved)
        expect(page.locator(".verify-verdict")).to_have_attribute("data-state", "holds")


def test_a_browser_without_ed25519_says_so(visit):
    with visit("/en/verify") as page:
        page.evaluate("() => void (crypto.subtle.importKey = () => Promise.reject(new Error('no')))")
        page.locator(".verify-drop input").set_input_files(
            {"name": "n", "mimeType": "text/plain", "buffer": (KEPT / "statement.passport").read_bytes()}
        )
        page.wait_for_selector(".verify-verdict[data-state=impossible]")
        expect(page.locator(".verify-steps")).to_have_count(0)
        expect(page.locator(".verify-verdict")).to_contain_text("Ed25519")


def test_in_every_language_and_to_everybody(visit, axe):
    for language in LANGUAGES:
        with visit(f"/{language}/verify", width=360) as page:
            given(page, (KEPT / "statement.passport").read_bytes())
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.evaluate(axe)
            found = page.evaluate("async () => (await axe.run('main')).violations.map((each) => each.id)")
            assert found == []
