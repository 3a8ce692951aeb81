import { Controller, Get, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { ClusterView } from '#libs/contracts/cluster';
import type { MembershipView } from '#libs/contracts/membership';
import type { OrganisationView } from '#libs/contracts/organisation';
import { Code, Day, Id, Verdict } from '#libs/contracts/values';
import { ENTITLEMENT_POLICIES, type EntitlementInputs, entitlement, PURPOSES } from '#libs/domain/entitlement';
import { isAdmin, levelOf } from '#libs/domain/visibility';
import { call as callOf } from '#libs/reference/programmes';
import { Runtime } from '#libs/service/runtime';
import { By } from './asked.js';
import { Histories } from './history.controllers.js';
import { policiesRead } from './policies-read.js';
import { Reading } from './policy.js';
import { absent, malformed } from './problem.js';
import { ReadModels } from './read-models.js';
import { reading } from './reading.js';
import { Reads } from './reads.js';
import { MayRefuse, Returns } from './returns.js';

const Entitlement = z
  .object({
    organisation: Id,
    for: z.enum(PURPOSES),
    on: Day,
    call: Code.nullable(),
    entitled: z.boolean().describe('no rule fails'),
    exceptionPossible: z.boolean().describe('for an SME that would host: the agency may approve what its clusters do not entitle it to'),
    verdicts: z.array(Verdict),
  })
  .meta({ id: 'Entitlement' });

/** Whoever assesses participants, who need not belong to a cluster of the own partnership. */
const ASSESSING = ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'EXCHANGE_OPERATIONAL_MANAGER', 'SUPPORT_OFFICE', 'AGENCY_OFFICER'];

const day = { type: 'string', format: 'date' };

@ApiTags('Membership')
@Controller('v1/memberships')
export class EntitlementController {
  constructor(
    private readonly runtime: Runtime,
    private readonly reads: Reads,
    private readonly models: ReadModels,
    private readonly histories: Histories,
  ) {}

  /** Whether an organisation may visit or host on a day, with the verdict of every rule; for itself, those who run its clusters, and who assesses. */
  @Get('entitlement')
  @Reading('memberships')
  @Returns(Entitlement)
  @MayRefuse('QUERY.MALFORMED', 'RESOURCE.ABSENT')
  @ApiQuery({
    name: 'organisation',
    required: true,
    description: 'Its id, or one that was merged into it.',
    schema: { type: 'string', maxLength: 100 },
  })
  @ApiQuery({ name: 'for', required: true, description: 'What it would do.', schema: { type: 'string', enum: [...PURPOSES] } })
  @ApiQuery({ name: 'on', required: false, description: 'The day; today unless said.', schema: day })
  @ApiQuery({
    name: 'call',
    required: false,
    description: 'Code of the call it would be done under; by the rules of the scheme unless said.',
    schema: { type: 'string', maxLength: 100 },
  })
  async of(
    @Query('organisation') id: unknown,
    @Query('for') said: unknown,
    @Query('on') on: unknown,
    @Query('call') call: unknown,
    @By() by: Actor,
  ) {
    const store = reading.getStore();
    // Tomorrow it is asked about another day.
    if (store && on === undefined) store.once = true;
    const asked = shaped(id, said, on ?? this.today, call);
    const organisation = (await this.reads.view('organisations', asked.organisation, by)) as unknown as OrganisationView;
    const memberships = await this.membershipsOf(organisation);
    if (!mayAsk(organisation, memberships, by)) throw absent(`entitlement of ${organisation.id}`);
    const whole = (await this.models.byIds('organisations', [organisation.id]))[0] as unknown as OrganisationView;
    const inputs: EntitlementInputs = {
      purpose: asked.for,
      on: asked.on,
      call: asked.call,
      organisation: { type: whole.type, country: whole.country, isSme: whole.sizeClass.isSme },
      memberships,
      clusters: await this.clustersOn(memberships, asked.on),
      policies: await policiesRead(this.models, ENTITLEMENT_POLICIES),
    };
    return { ...asked, organisation: organisation.id, ...entitlement(inputs) };
  }

  private async membershipsOf({ id, formerIds }: OrganisationView): Promise<MembershipView[]> {
    const found = await Promise.all([id, ...formerIds].map((each) => this.models.where('memberships', { organisation: each })));
    return found.flat() as unknown as MembershipView[];
  }

  /** As they are now; of a day that is over as they were at its end, as far back as this house knows them. */
  private async clustersOn(memberships: readonly MembershipView[], on: string) {
    const found = await this.models.byIds('clusters', [...new Set(memberships.map(({ cluster }) => cluster))]);
    const clusters = found as unknown as ClusterView[];
    if (on >= this.today) return clusters;
    return Promise.all(clusters.map((cluster) => this.histories.asOf('clusters', cluster, ['state', 'profile'], on)));
  }

  private get today(): string {
    return this.runtime.clock.iso().slice(0, 10);
  }
}

/** Itself, whoever is in charge of one of its memberships, and who assesses. */
function mayAsk(organisation: OrganisationView, memberships: readonly MembershipView[], by: Actor): boolean {
  if (isAdmin(by) || by.roles.some(({ role }) => ASSESSING.includes(role))) return true;
  const views = [['organisations', organisation] as const, ...memberships.map((each) => ['memberships', each] as const)];
  return views.some(([resource, view]) => ['MEMBER', 'IN_CHARGE'].includes(levelOf(resource, { ...view }, by, [])));
}

function shaped(organisation: unknown, purpose: unknown, on: unknown, call: unknown) {
  const faults = [
    ...(typeof organisation === 'string' && organisation !== '' ? [] : [fault('organisation', 'an id is needed')]),
    ...(PURPOSES.some((each) => each === purpose) ? [] : [fault('for', `one of ${PURPOSES.join(', ')}`)]),
    ...(Day.safeParse(on).success ? [] : [fault('on', 'a day, such as 2020-09-14')]),
    ...(call === undefined || (typeof call === 'string' && callOf(call)) ? [] : [fault('call', 'a code of partnership-programmes')]),
  ];
  if (faults.length > 0) throw malformed('QUERY.MALFORMED', 'What is asked for is not told in full.', faults);
  return {
    organisation: organisation as string,
    for: purpose as (typeof PURPOSES)[number],
    on: on as string,
    call: (call as string | undefined) ?? null,
  };
}

const fault = (name: string, message: string) => ({ pointer: `?${name}`, message });
