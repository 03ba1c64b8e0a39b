/** The role that a service writes with; it can touch only the tables of that service. */
export type ControlRole = 'floe_metadata' | 'floe_scheduler' | 'floe_reporting' | 'floe_gateway';
