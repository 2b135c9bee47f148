/** Which blocks of our own code ran, as V8 counts them: what tells a new input from one more of the same. */
import { Session } from 'node:inspector';

export interface Coverage {
  /** Blocks and how often they ran (by magnitude) since the last call, as one text each. */
  take(): readonly string[];
  end(): void;
}

/** `modules`: folders of compiled code to look at, such as `alipay`. The session answers within the call, so nothing here waits. */
export function startCoverage(modules: readonly string[]): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const isOurs = (url: string): boolean =>
    modules.some((module) => url.includes(`/${module}/`) && !url.includes('node_modules'));
  return {
    take() {
      const blocks: string[] = [];
      session.post('Profiler.takePreciseCoverage', (error, covered) => {
        if (error !== null) throw new Error(error.message);
        for (const { scriptId, functions } of covered.result.filter((script) => isOurs(script.url))) {
          for (const { ranges } of functions)
            for (const { startOffset, endOffset, count } of ranges)
              if (count > 0) blocks.push(`${scriptId}:${startOffset}-${endOffset}:${Math.floor(Math.log2(count))}`);
        }
      });
      return blocks;
    },
    end: () => session.disconnect(),
  };
}
