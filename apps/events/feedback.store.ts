import { Injectable } from '@nestjs/common';
import { FeedbackFigures, FeedbackRound } from '#libs/contracts/event-feedback';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { FeedbackFiguresState, FeedbackRoundState } from './feedback.js';

/** What is asked, and who has answered. */
@Injectable()
export class FeedbackRoundStore extends Store<FeedbackRoundState> {
  constructor(house: House) {
    super(house, FeedbackRound.contract);
  }
}

/** What was answered. */
@Injectable()
export class FeedbackFiguresStore extends Store<FeedbackFiguresState> {
  constructor(house: House) {
    super(house, FeedbackFigures.contract);
  }
}
