/** Worlds for random runs: the policy that services get, pay deadlines from a minute to thirty hours. */
import { DEFAULT_POLICY } from '../../contract/policy.ts';
import { SETTINGS, type Setting } from './settings.ts';

const MINUTE_MS = 60_000;
const VALIDITIES_MS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 180 * MINUTE_MS, 1_800 * MINUTE_MS];

export const WALK_SETTINGS: readonly Setting[] = SETTINGS.flatMap((setting) =>
  VALIDITIES_MS.map((payExpiresAtMs) => {
    const { guardUntilMs: guarded, ...input } = setting.input;
    return {
      ...setting,
      unreduced: true,
      realClock: true,
      name: `${setting.name}, payable for ${payExpiresAtMs / MINUTE_MS} min`,
      input: {
        ...input,
        payExpiresAtMs,
        policy: DEFAULT_POLICY,
        ...(guarded !== undefined && { guardUntilMs: MINUTE_MS }),
      },
    };
  }),
);
