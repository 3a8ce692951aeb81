import { Injectable } from '@nestjs/common';
import { Membership, type MembershipView } from '#libs/contracts/membership';
import { Organisation, type OrganisationView } from '#libs/contracts/organisation';
import { Person, type PersonView } from '#libs/contracts/person';
import type { Applicant } from '#libs/domain/eligibility';
import type { ReadState } from '#libs/messaging/state-reader';
import { type Copy, Views } from '#libs/persistence/views';
import { Copies } from '#libs/service/copies';
import { PolicyCopies } from '#libs/service/policy-copies';
import { Runtime } from '#libs/service/runtime';
import { Together } from '#libs/service/together';
import type { Applicants, KnownPerson } from './registration-setting.js';

type KeptOrganisation = Applicant;

/** What membership last published of those who may come to events: as much as decides on it. */
@Injectable()
export class ApplicantCopies {
  private readonly organisations: Views<KeptOrganisation>;
  private readonly persons: Views<KnownPerson>;
  private readonly memberships: Views<MembershipView>;
  private readonly organisationsOf: Together<Copy<KeptOrganisation>>;
  private readonly personsOf: Together<Copy<KnownPerson>>;
  private readonly membershipsOf: Together<MembershipView[]>;

  constructor(runtime: Runtime, policies: PolicyCopies) {
    const { db } = runtime.house;
    this.organisations = new Views(db, 'organisationCopies');
    this.persons = new Views(db, 'personCopies');
    this.memberships = new Views(db, 'membershipCopies', [{ 'view.organisation': 1 }, { 'view.partnership': 1 }]);
    this.organisationsOf = new Together((ids) => this.organisations.byIds(ids));
    this.personsOf = new Together((ids) => this.persons.byIds(ids));
    this.membershipsOf = new Together((ids) => this.belongings(ids));
    const views = [this.organisations, this.persons, this.memberships, ...policies.views];
    new Copies(runtime, 'membership', views, async (records) => {
      await Promise.all([this.apply(records), policies.apply(records)]);
    });
  }

  /** Of an organisation and persons that want to come to events of these partnerships. */
  async of(organisation: string, persons: readonly string[], partnerships: readonly string[]): Promise<Applicants> {
    const [known, people, ...memberships] = await Promise.all([
      this.organisationsOf.get(organisation),
      Promise.all(persons.map(async (person) => [person, await this.personsOf.get(person)] as const)),
      ...[organisation, ...partnerships].map((id) => this.membershipsOf.get(id)),
    ]);
    return {
      organisation: known?.view ?? null,
      persons: new Map(people.flatMap(([id, person]) => (person ? [[id, person.view] as const] : []))),
      memberships: memberships.flatMap((each) => each ?? []),
    };
  }

  /** Asked for apart: for an `$or` a compatible server (secantusd) looks through all. */
  private async belongings(ids: readonly string[]): Promise<Map<string, MembershipView[]>> {
    const found = await Promise.all(
      ['view.organisation', 'view.partnership'].map((path) => this.memberships.where({ [path]: { $in: ids } })),
    );
    const views = [...new Map(found.flat().map(({ _id, view }) => [_id, view])).values()];
    return new Map(ids.map((id) => [id, views.filter(({ organisation, partnership }) => organisation === id || partnership === id)]));
  }

  private async apply(records: ReadState[]): Promise<void> {
    const of = (name: string) => records.filter(({ aggregate }) => aggregate === name);
    await Promise.all([
      this.organisations.apply(of(Organisation.contract.name).map((record) => brief(record, asApplicant))),
      this.persons.apply(of(Person.contract.name).map((record) => brief(record, asKnown))),
      this.memberships.apply(of(Membership.contract.name)),
    ]);
  }
}

const brief = <V>(record: ReadState, what: (view: V) => object): ReadState =>
  record.view === null ? record : { ...record, view: what(record.view as V) };

const asApplicant = ({ type, country, sizeClass }: OrganisationView): KeptOrganisation => ({ type, country, isSme: sizeClass.isSme });
const asKnown = ({ organisation, account }: PersonView): KnownPerson => ({ organisation, account });
