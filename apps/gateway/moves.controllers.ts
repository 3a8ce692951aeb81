import { Body, Controller, Param, Post, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AggregateContract, CommandContract, Moved } from '#libs/contracts/message';
import { kebab, machine } from '#libs/domain/machine';
import { commandType } from './actions.js';
import { type Asked, Asking } from './asked.js';
import { catalogue } from './catalogue.js';
import { furtherCommands } from './further-commands.js';
import { placeOf } from './nested.js';
import { Writing } from './policy.js';
import { resources } from './resources.js';
import { Accepts } from './returns.js';
import { shown } from './shown.js';
import { tagOf } from './tags.js';
import { Writes } from './writes.js';

/** A command of a machine that is offered here: its route follows from the machine and from its contract. */
interface Offered {
  command: CommandContract;
  /** Below `/v1/<resource>`. */
  path: string;
  creates: boolean;
}

const pascal = (text: string) => text.replaceAll(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Commands that are given by the product itself, or that no contract is there for, are no routes. */
function offeredBy(contract: AggregateContract, { machine: code, under }: Moved): Offered[] {
  const table = machine(code);
  const creating = table.creating();
  return table.commands().flatMap((name): Offered[] => {
    const path = kebab(name);
    const command = catalogue.commands.get(commandType(contract, under, path));
    if (!command || table.systemOnly(name)) return [];
    const creates = creating.includes(name);
    // The only one that creates is the plain POST of its resource.
    if (creates && (creating.length === 1 || name === 'register')) return [];
    return [{ command, creates, path: [...(creates ? [] : [':id']), ...(under ? [under] : []), path].join('/') }];
  });
}

/** What it takes as the document shows it; nothing where it takes nothing, and all of it may be left out where none of it is needed. */
function bodyOf({ data, type }: CommandContract): z.ZodType | null {
  if (!(data instanceof z.ZodObject) || Object.keys(data.shape).length === 0) return null;
  const id = pascal(
    type
      .replace(/\.v\d+$/, '')
      .split('.')
      .reverse()
      .join('.'),
  );
  const body = data.strict().meta({ ...data.meta(), id });
  return body.safeParse({}).success ? body.prefault({}) : body;
}

function moveOf(contract: AggregateContract, { command, creates, path }: Offered): Type {
  const { resource } = contract;
  const view = shown[resource] ?? contract.view;
  const body = bodyOf(command);

  @ApiTags(tagOf(resource))
  @Controller(placeOf(contract))
  class Move {
    constructor(private readonly writes: Writes) {}

    give(id: string, asked: Asked, data: object = {}, within?: string) {
      return creates ? this.writes.begin(command, data, asked, within) : this.writes.move(command, id, data, asked, within);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [String, Object, Object, String], Move.prototype, 'give');
  // Decorated by hand: what it takes from the path and from the body differs from command to command.
  const about = Object.getOwnPropertyDescriptor(Move.prototype, 'give')!;
  for (const decorator of [Post(path), Writing(resource), creates ? Accepts(view, 201) : Accepts(view)])
    decorator(Move.prototype, 'give', about);
  if (!creates) Param('id')(Move.prototype, 'give', 0);
  Asking()(Move.prototype, 'give', 1);
  if (body) Body({ schema: body } as never)(Move.prototype, 'give', 2);
  if (contract.within !== undefined) Param(contract.within)(Move.prototype, 'give', 3);
  Object.defineProperty(Move, 'name', { value: `${pascal(command.type)}Move` });
  return Move;
}

const nameOf = ({ type }: CommandContract): string => type.slice(type.indexOf('.') + 1, type.lastIndexOf('.'));
const further = furtherCommands.map(({ command, path = nameOf(command) }) =>
  moveOf(command.aggregate, { command, creates: false, path: `:id/${path}` }),
);

export const movesControllers = [
  ...Object.values(resources).flatMap(({ contract }) =>
    contract.machines.flatMap((moved) => offeredBy(contract, moved).map((offered) => moveOf(contract, offered))),
  ),
  ...further,
];
