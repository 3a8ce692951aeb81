import type { CommandContract, FactContract } from '#libs/contracts/message';
import { resources } from './resources.js';

const contracts = Object.values(resources).flatMap((r) => r.contracts);

/** All commands and facts there are, by type. */
export const catalogue = {
  aggregates: contracts,
  commands: new Map<string, CommandContract>(contracts.flatMap((c) => c.commands.map((command) => [command.type, command]))),
  facts: new Map<string, FactContract>(contracts.flatMap((c) => c.facts.map((fact) => [fact.type, fact]))),
};
