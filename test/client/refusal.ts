/** What a caller gets instead of an answer. */
import assert from 'node:assert/strict';

import { ResolutionError, type ResolutionErrorCode } from '../../client/errors.ts';

/** Resolves with the message of the refusal. @throws AssertionError where there is none, or one of another code */
export async function refusal(work: Promise<unknown>, code: ResolutionErrorCode): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ResolutionError, String(error));
    assert.equal(error.code, code, error.message);
    return error.message;
  }
  throw new Error(`expected a ${code}`);
}
