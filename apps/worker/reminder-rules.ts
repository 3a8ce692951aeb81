/** Data with validity and owner: libs/reference/data/reminder-rules.json. */
export { holdsOn, type ReminderRule, reminderRule, reminderRules } from '#libs/reference/reminder-rules';
