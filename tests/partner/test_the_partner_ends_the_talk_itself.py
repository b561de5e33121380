"""When its questions are used up the offline partner sums up and says goodbye, and the talk is over; not before."""

from engine import personas
from engine.messages import CLOSING, Ended, Said
from engine.providers.offline_partner import OfflinePartner
from tests import virtual_time
from tests.core.scene import talking

ADA = personas.from_fields(
    {
        "name": "Ada",
        "who": "You are Ada.",
        "opening": "Hello, what are you making?",
        "questions": ["Why that?"],
        "closing": "Thank you for that. Goodbye.",
        "follow_ups": 0,
    },
    id="ada",
)


def test_its_goodbye_ends_the_talk():
    async def scene():
        async with talking(persona=ADA, mind=OfflinePartner()) as stage:
            await stage.until(Said)
            stage.write("We make a warm cup for cold mornings.")
            await stage.until(Said, 4)
            assert not stage.all(Ended)
            stage.write("Because my hands were always cold on the boat.")
            await stage.until(Ended)
            agent = [said for said in stage.all(Said) if said.speaker == "agent"]
            assert [said.text for said in agent if said.mark == CLOSING] == ["Thank you for that.", "Goodbye."]
            assert "In your own words: “We make a warm cup for cold mornings.”" in [said.text for said in agent]

    virtual_time.run(scene())


def test_who_speaks_after_the_goodbye_is_answered():
    async def scene():
        async with talking(persona=ADA, mind=OfflinePartner()) as stage:
            await stage.until(Said)
            stage.write("goodbye")
            await stage.until(Ended)
            stage.write("Wait, I have an idea for a lid.")
            await stage.until(Said, len(stage.all(Said)) + 2)
            assert stage.all(Said)[-1].speaker == "agent"

    virtual_time.run(scene())
