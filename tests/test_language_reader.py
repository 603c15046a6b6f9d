"""English, Spanish and other languages, in the few words that people write."""

from __future__ import annotations

import pytest

from assistant.language_reader import could_be_spanish, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola necesito ayuda con mi hijo que usa heroina", "es"),
        ("¿Cómo dejo la heroína?", "es"),
        ("no respira", "es"),
        ("mi mama no despierta", "es"),
        ("mi papa no respira", "es"),
        ("ayuda", "es"),
        ("me quiero morir", "es"),
        ("cuanto dura la abstinencia", "es"),
        ("donde puedo ir a detox cerca de aqui", "es"),
        ("bonjour je cherche un traitement pour mon fils", "other"),
        ("preciso de ajuda meu filho usa drogas e não para", "other"),
        ("ich brauche hilfe mit heroin", "other"),
        ("你好，我需要帮助", "other"),
        ("мой сын употребляет героин", "other"),
        ("tôi cần giúp đỡ con trai tôi nghiện", "other"),
        ("au secours", "other"),
        ("aidez moi svp", "other"),
        ("quanto tempo dura a abstinência", "other"),
        ("mujhe madad chahiye", "other"),
        ("mera beta nasha karta hai", "other"),
        ("spasibo", "other"),
        ("ya sure, hes my beta tester", "en"),
        ("smart vs na whats different", "en"),
        ("mon mari ne respire plus", "other"),
        ("socorro meu irmão não acorda", "other"),
        ("guten abend", "other"),
        ("cứu tôi", "other"),
        ("gusto ko nang tumigil", "other"),
        ("mi hijo esta tirado en el baño", "es"),
        ("se me rompió la fuente", "es"),
        ("ya no aguanto", "es"),
        ("me van a arrestar", "es"),
        ("how do i stop", "en"),
        ("my son wont wake up", "en"),
        ("mama wont wake up", "en"),
        ("papa is sick", "en"),
        ("na meetings", "en"),
        ("yo", "en"),
        ("ok not dying", "en"),
        ("4 min. nada", "en"),
        ("nada man", "en"),
        ("no siente nada", "es"),
        ("no hace nada", "es"),
        ("he doesnt hit me, he chokes me", "en"),
        ("detox in el paso", "en"),
        ("hep c from needles", "en"),
        ("od", "en"),
        ("police come?", "en"),
        ("write me a poem", "en"),
        ("313 area", "en"),
        ("my friend carlos is in san antonio", "en"),
        ("is la la land about drugs", "en"),
        ("", "en"),
        ("123", "en"),
        ("😭😭", "en"),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("no", True), ("ok", True), ("narcan", True), ("911", True), ("he woke up", False),
        ("no, ahorita no esta", True), ("no, no quiero morirme", True), ("he gets mad fast", False),
    ],
)  # fmt: skip
def test_what_may_go_on_in_spanish(text: str, may_be: bool) -> None:
    assert could_be_spanish(text) is may_be
