-- Two processes that send messages divide them between them: "owner" is the one that is sending.

ALTER TABLE notices ADD COLUMN owner TEXT;
