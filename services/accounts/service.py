"""The doors of accounts: load, call, dump."""

import secrets
from functools import partial

from nameko.timer import timer

from services.accounts import device_handlers, handlers, queries
from services.accounts.dependencies import PasswordHashing
from services.accounts.domain import devices, tokens
from services.accounts.domain.sign_in import SignIn
from services.accounts.storage.unit_of_work import AccountsUnitOfWork
from services.contracts import schemas
from services.contracts.commands import (
    ChooseLanguage,
    CreatePairing,
    CreateToken,
    PairDevice,
    RevokeDevice,
    RevokeToken,
    SaveCompany,
    SavePerson,
    SaveProject,
    SaveTeam,
    SetLeave,
    SetMembership,
    SetPriority,
)
from services.contracts.messaging.observed import Observed
from services.contracts.messaging.rpc import command, query
from services.contracts.messaging.store import Store


class AccountsService(Observed):
    name = "accounts"
    store = Store(AccountsUnitOfWork)
    passwords = PasswordHashing()

    # commands

    @command(SaveCompany)
    def save_company(self, message):
        return self.store.execute(handlers.save_company, message)

    @command(SaveTeam)
    def save_team(self, message):
        return self.store.execute(handlers.save_team, message)

    @command(SaveProject)
    def save_project(self, message):
        return self.store.execute(handlers.save_project, message)

    @command(SetPriority)
    def set_priority(self, message):
        return self.store.execute(handlers.set_priority, message)

    @command(SetMembership)
    def set_membership(self, message):
        return self.store.execute(handlers.set_membership, message)

    @command(SavePerson)
    def save_person(self, message):
        return self.store.execute(partial(handlers.save_person, passwords=self.passwords), message)

    @command(ChooseLanguage)
    def choose_language(self, message):
        return self.store.execute(handlers.choose_language, message)

    @command(SetLeave)
    def set_leave(self, message):
        return self.store.execute(handlers.set_leave, message)

    @command(CreateToken)
    def create_token(self, message):
        secret = tokens.compose(secrets.token_urlsafe(24))
        answer = self.store.execute(partial(handlers.create_token, secret=secret), message)
        return handlers.shown_once(answer, secret)

    @command(RevokeToken)
    def revoke_token(self, message):
        return self.store.execute(handlers.revoke_token, message)

    @command(CreatePairing)
    def create_pairing(self, message):
        code = devices.code_of(secrets.token_bytes(devices.CODE_LENGTH))
        answer = self.store.execute(partial(device_handlers.create_pairing, code=code), message)
        return device_handlers.shown_once(answer, code=code)

    @command(PairDevice)
    def pair_device(self, message):
        secret = secrets.token_urlsafe(32)
        answer = self.store.execute(partial(device_handlers.pair_device, secret=secret), message)
        return device_handlers.shown_once(answer, secret=secret)

    @command(RevokeDevice)
    def revoke_device(self, message):
        return self.store.execute(device_handlers.revoke_device, message)

    # who is asking

    @query
    def sign_in(self, name, password, address):
        message = schemas.load(SignIn, {"name": name, "password": password, "address": address})
        person = handlers.sign_in_person(message, self.store, self.passwords)
        return self.store.read(queries.identity, person=person)

    @query
    def identity(self, person):
        return self.store.read(queries.identity, person=person)

    @query
    def identity_by_token(self, token):
        return handlers.note_use(self.store.read(queries.identity_by_token, secret=token), self.store)

    @query
    def identity_by_device(self, secret):
        return self.store.read(queries.identity_by_device, secret=secret)

    # questions

    @query
    def people(self, actor):
        return self.store.read(queries.people, actor=actor)

    @query
    def delegates(self, actor):
        return self.store.read(queries.delegates, actor=actor)

    @query
    def teams(self, actor):
        return self.store.read(queries.teams, actor=actor)

    @query
    def team(self, actor, team):
        return self.store.read(queries.team, actor=actor, team=team)

    @query
    def projects(self, actor, team=None):
        return self.store.read(queries.projects, actor=actor, team=team)

    @query
    def changes(self, actor, kind, code):
        return self.store.read(queries.changes, actor=actor, kind=kind, code=code)

    @query
    def devices(self, actor):
        return self.store.read(queries.devices, actor=actor)

    @query
    def tokens(self, actor):
        return self.store.read(queries.tokens, actor=actor)

    # due work

    @timer(interval=60)
    def forget_tries(self):
        self.store.run(handlers.forget_tries)
