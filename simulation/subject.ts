// Owns what a hunt for planted bugs loads anew: the runs of one build.
export { makePlan } from './plan/make-plan.ts';
export { runPlan } from './run-plan.ts';
export { shrink } from './shrink.ts';
