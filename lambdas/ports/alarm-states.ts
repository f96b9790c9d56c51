// Owns what can be asked of the Region's alarms: which ring now, what state each is in, and since when.
// Leaves to lib/alarms which alarms there are.

export interface RingingAlarm {
  readonly name: string;
  readonly sinceMs: number;
  readonly description: string;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** When the state began. */
  readonly sinceMs: number;
}

export interface AlarmStates {
  /** Every alarm of the app in this Region that is in ALARM. @throws Error when it is not known */
  ringing(): Promise<readonly RingingAlarm[]>;
  /** Every alarm of the app in this Region that looks at metrics, groups left out. @throws Error when they are not known */
  all(): Promise<readonly AlarmState[]>;
}
