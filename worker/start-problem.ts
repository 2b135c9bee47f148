/** Why a worker cannot start, in words for whoever starts it. Holds no secret. */
export class StartProblem extends Error {
  override readonly name: string = 'StartProblem';
  /** What is wrong. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`${what}\n${remedy}`, options);
    this.what = what;
    this.remedy = remedy;
  }
}
