import { Injectable } from '@nestjs/common';
import { Report as Contract } from '#libs/contracts/report';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Report } from './report.js';

@Injectable()
export class ReportStore extends Store<Report> {
  constructor(house: House) {
    super(house, Contract.contract);
  }
}
