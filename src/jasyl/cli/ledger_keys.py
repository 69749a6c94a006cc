"""``jasyl ledger keys``: list, make, rotate and revoke; every change is told in the log."""

from typing import Annotated

import typer

from jasyl.storage import database_of, open_folder
from jasyl.texts import Refusal, say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list")
def list_(
    *,
    data: Data = HERE,
    vkey: Annotated[bool, typer.Option("--vkey", help="Only the log's verifier keys, one per line.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also others' keys, and former ones.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the public keys that sign this log; with --all every key that the log speaks of."""
    from jasyl.ledger import Log, known_keys, log_policy, purpose_name  # noqa: PLC0415

    folder = open_folder(data)
    own = log_policy(folder.log).own_keys
    told = {one.verifier: one for one in known_keys(Log(folder))} if every else {}
    rows = [(key, "log", "active") for key in own]
    rows += [(key, one.purpose, one.status) for key, one in told.items() if key not in own]
    if vkey:
        for key, _, _ in rows:
            typer.echo(key.vkey)
    elif as_json:
        fields = ("name", "algorithm", "vkey")
        answer(
            [
                {"id": key.key_id.hex()}
                | {field: getattr(key, field) for field in fields}
                | {"purpose": purpose, "status": status}
                for key, purpose, status in rows
            ]
        )
    else:
        language = reader_language(asked=lang)
        for key, purpose, status in rows:
            shown = {"algorithm": key.algorithm, "id": key.key_id.hex(), "name": key.name}
            words = (
                say(language, "ledger-key", **shown),
                purpose_name(purpose, language),
                say(language, f"key-{status}"),
            )
            typer.echo("\t".join(words))


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="A name for the key, without spaces: meters.city.example/gateway-7.")],
    *,
    purpose: Annotated[str, typer.Option("--purpose", help="issuer, gateway, device or auditor.")] = "issuer",
    holder: Annotated[str | None, typer.Option("--holder", help="Which organisation holds it; else the name.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make an Ed25519 and an ML-DSA-65 key and tell them in the log; the secret parts stay in the folder of keys."""
    from jasyl.ledger import new_keys  # noqa: PLC0415

    folder = open_folder(data)
    made = new_keys(folder, database_of(folder), name, holder=holder or name, purpose=purpose)
    _say_keys("keys-made", [one.verifier.vkey for one in made], lang, as_json=as_json)


@app.command("rotate")
def rotate(
    *,
    finish: Annotated[bool, typer.Option("--finish", help="End the overlap: former keys sign no more.")] = False,
    issuer: Annotated[
        str | None, typer.Option("--issuer", help="The keys of this issuer, by name, and not those of the log.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Give the log new keys; the former ones sign beside them until --finish, so that readers have time to change."""
    from jasyl.ledger import finish_rotation, rotate, rotate_issuer  # noqa: PLC0415

    folder = open_folder(data)
    if issuer is not None:
        if finish:
            raise typer.BadParameter("--finish --issuer")
        fresh = rotate_issuer(folder, database_of(folder), issuer)
        _say_keys("keys-made", [key.vkey for key in fresh], lang, as_json=as_json)
        return
    changed = (finish_rotation if finish else rotate)(folder, database_of(folder))
    _say_keys("keys-retired" if finish else "keys-rotated", [key.vkey for key in changed], lang, as_json=as_json)


@app.command("revoke")
def revoke(
    key: Annotated[str | None, typer.Argument(help="The id of a key, eight hexadecimal digits.")] = None,
    *,
    log: Annotated[bool, typer.Option("--log", help="The log's own keys: go on under a new name.")] = False,
    origin: Annotated[str | None, typer.Option("--origin", help="With --log: the new name; else one is made.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Declare a key invalid from now on, by the order of the log; --log when the log's own keys are compromised."""
    from jasyl.ledger import freeze, revoke  # noqa: PLC0415

    folder = open_folder(data)
    language = reader_language(asked=lang)
    if log == (key is not None):
        raise Refusal("key-which")
    if log:
        name = freeze(folder, database_of(folder), origin)
        text = say(language, "keys-frozen", origin=name)
        if as_json:
            answer({"origin": name})
        else:
            typer.echo(text)
        return
    known = revoke(folder, database_of(folder), str(key).lower())
    _say_keys("keys-revoked", [known.verifier.vkey], lang, as_json=as_json)


def _say_keys(message: str, vkeys: list[str], lang: str | None, *, as_json: bool) -> None:
    if as_json:
        answer({"vkeys": vkeys})
        return
    typer.echo(say(reader_language(asked=lang), message))
    for line in vkeys:
        typer.echo(line)
