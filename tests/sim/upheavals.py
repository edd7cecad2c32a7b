"""What happens to a schedule's phones: the server and its database die or have no room, and people change things."""

from random import Random

from tests.locks import held
from tests.sim import bodies, desk
from tests.sim.acts import Acts
from tests.sim.handset import quietly
from tests.sim.sender import Sender
from tests.sim.world import WORKERS
from tests.steps import BATCH_STEPS, STEPS
from tests.waiting import Side


class Upheavals(Acts):
    """Acts of the machine, and of people."""

    # --- the server and its database

    def _kill(self) -> None:
        self._count("server killed")
        self.world.server.kill()

    def _die_at_a_step(self) -> None:
        step, phone = self.chance.choice([*STEPS, *BATCH_STEPS]), self._phone()
        self.world.server.revive()
        if self.chance.random() < 0.7 or not phone.anything_waits:
            bodies.finish_visit(self.world, phone, self.chance)
        self.world.control.kill_at(step, self.chance.choice([1, 1, 1, 2, 3, 5]))
        Sender(phone, self.chance).drain()
        if self.world.control.killed:
            self._count(f"killed at {step}")

    def _full_disk(self) -> None:
        """No room for some time, or until all heals."""
        self._count("disk full")
        self._fill(True)
        if self.chance.random() < 0.7:
            self._drain()
            self._fill(False)

    def _fill(self, full: bool) -> None:
        self.world.control.full = full
        self.world.database.fill(full)

    def _locked(self) -> None:
        self._count("database locked")
        table = self.chance.choice(["visits", "photos", "audit_entries"])
        with held(self.world.database.url, table):
            self._drain()

    def _crash(self) -> None:
        self._count("database killed")
        phone = self._phone()
        side = Side(Sender(phone, Random(self.chance.random())).drain)
        self.world.database.crash()
        side.result(60)

    # --- people

    def _send_back(self) -> None:
        self._count("returned")
        desk.send_back(self.world, self.chance)
        phone = self._phone()
        quietly(phone.fetch_round)
        for visit in phone.returned.values():
            if visit["revision"] >= self.ledger.newest_revision(visit["visit"]):
                bodies.finish_correction(self.world, phone, visit, self.chance)

    def _back_up(self) -> None:
        self._count("backups")
        self.world.control.forward(minutes=self.chance.choice([1, 8, 8]))
        desk.back_up(self.world)

    def _restore(self) -> None:
        """Lose everything but the newest backup; mostly there is something in that, and something that came later."""
        if self.chance.random() < 0.7:
            for action in (self._drain, self._back_up, self._visit, self._drain):
                action()
        if desk.restore(self.world):
            self._count("restores")

    def _days_pass(self) -> None:
        """What a backup holds may go then, once a phone hears of it."""
        self.world.control.forward(hours=self.chance.choice([2, 74, 80]))
        bodies.finish_visit(self.world, self._phone(), self.chance)
        self._drain_together()

    def _suspend(self) -> None:
        name = self.chance.choice(WORKERS)
        self._count("accounts closed")
        self.disturbed.add(name)
        desk.suspend(self.world, name)

    def _move(self) -> None:
        name = self.chance.choice(WORKERS)
        self._count("areas moved")
        self.disturbed.add(name)
        desk.move(self.world, name)

    def _change_hands(self) -> None:
        """Another worker signs in on a phone, with the work of the one before still on it."""
        phone = self._phone()
        worker = next(name for name in WORKERS if name != phone.worker)
        with desk.if_possible():
            session = desk.sign_in_again(self.world, worker)
            if not quietly(lambda: phone.change_hands(worker, str(self.world.members[worker].id), session)):
                self._count("phones handed over")

    def _lose_storage(self) -> None:
        """A browser clears a phone's storage, mostly without its cookies."""
        phone = self._phone()
        cookies = dict(phone.line.cookies)
        if self.chance.random() < 0.3:
            cookies = {"session": cookies["session"]}
        if not quietly(lambda: phone.lose_storage(cookies)):
            self._count("storages lost")

    def _shut_out(self) -> None:
        self._count("phones shut out")
        self.shut_out = True
        desk.revoke(self.world, self._phone().device)
