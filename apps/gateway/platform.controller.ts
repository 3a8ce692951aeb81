import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isVocabulary, taxonomies, vocabulary } from '#libs/reference/vocabulary';
import { Open } from './policy.js';
import { absent } from './problem.js';
import { pageOf, Returns } from './returns.js';

@ApiTags('Platform')
@Controller('v1')
export class PlatformController {
  @Get('taxonomies')
  @Open('taxonomies')
  @Returns(pageOf(z.unknown()))
  taxonomies() {
    return { items: taxonomies(), next: null };
  }

  @Get('taxonomies/:name')
  @Open('taxonomies')
  @Returns(z.unknown())
  taxonomy(@Param('name') name: string) {
    if (!isVocabulary(name)) throw absent(`taxonomy ${name.slice(0, 60)}`);
    const { asOf, source, items, related } = vocabulary(name);
    return { name, asOf, source, items, related };
  }
}
