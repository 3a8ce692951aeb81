import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isVocabulary, taxonomies, vocabulary } from '#libs/reference/vocabulary';
import { Open } from './policy.js';
import { absent } from './problem.js';
import { pageOf, Returns } from './returns.js';

const Term = z
  .object({
    code: z.string(),
    label: z.string(),
    parent: z.string().nullable().describe('code of what it belongs to: among the items, or in `related`'),
    aliases: z.array(z.string()).describe('other spellings that are taken for it'),
    details: z.record(z.string(), z.unknown()).describe('what else the source says of it'),
  })
  .meta({ id: 'Term' });

const TaxonomyListed = z
  .object({
    name: z.string(),
    asOf: z.string().describe('day on which the source was read'),
    count: z.int().min(0).describe('of its items'),
  })
  .meta({ id: 'TaxonomyListed' });

const Taxonomy = z
  .object({
    name: z.string(),
    asOf: z.string().describe('day on which the source was read'),
    source: z.string(),
    items: z.array(Term),
    related: z.record(z.string(), z.array(Term)).describe('lists beside the items: what they belong to, and what belongs to them'),
  })
  .meta({ id: 'Taxonomy' });

@ApiTags('Platform')
@Controller('v1')
export class PlatformController {
  @Get('taxonomies')
  @Open('taxonomies')
  @Returns(pageOf(TaxonomyListed))
  taxonomies() {
    return { items: taxonomies(), next: null };
  }

  @Get('taxonomies/:name')
  @Open('taxonomies')
  @Returns(Taxonomy)
  taxonomy(@Param('name') name: string) {
    if (!isVocabulary(name)) throw absent(`taxonomy ${name.slice(0, 60)}`);
    const { asOf, source, items, related } = vocabulary(name);
    return { name, asOf, source, items, related };
  }
}
