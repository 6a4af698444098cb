// Package seal keeps secrets unreadable at rest: it encrypts them under a master key that lives outside the database, and makes the keyed
// digests by which client secrets and subscription keys are found without being kept.
//
// It is a leaf: it knows neither resources nor the database. Who seals says what for (AAD), and who stores a sealed text may log, copy
// and publish it like any other text.
//
// Start with Ring (ring.go); Source (source.go) finds the master key.
package seal
