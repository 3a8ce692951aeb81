import { Controller } from '@nestjs/common';
import { IssueApiKey, RevokeApiKey } from '#libs/contracts/api-key';
import { Handle, type Message } from '#libs/messaging/handle';
import { issue, revoke } from './api-key.js';
import { ApiKeyStore } from './api-key.store.js';

@Controller()
export class ApiKeyMessages {
  constructor(private readonly keys: ApiKeyStore) {}

  @Handle(IssueApiKey)
  issue(message: Message<typeof IssueApiKey>) {
    return this.keys.change(message, issue);
  }

  @Handle(RevokeApiKey)
  revoke(message: Message<typeof RevokeApiKey>) {
    return this.keys.change(message, revoke);
  }
}
