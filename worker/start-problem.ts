/** Why a worker cannot start, in words for whoever starts it: what is wrong, and what to do. Holds no secret. */
export class StartProblem extends Error {
  override readonly name: string = 'StartProblem';
}
