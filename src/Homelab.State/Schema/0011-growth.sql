-- What is asked for every few seconds must not take longer the older the state is.

CREATE INDEX changes_open ON changes (started_at) WHERE status = 'Open';
CREATE INDEX incidents_of_service ON incidents (service, opened_at);
