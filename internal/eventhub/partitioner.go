package eventhub

import "github.com/twmb/franz-go/pkg/kgo"

// anyPartition stands for none.
const anyPartition = -1

// partitioner sends a record that names its partition there, and leaves others to the standard one: records of one key go to one partition.
type partitioner struct{ standard kgo.Partitioner }

// ForTopic implements kgo.Partitioner.
func (p partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	return &ofTopic{p.standard.ForTopic(topic)}
}

type ofTopic struct{ kgo.TopicPartitioner }

// RequiresConsistency implements kgo.TopicPartitioner.
func (t *ofTopic) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || t.TopicPartitioner.RequiresConsistency(r)
}

// Partition implements kgo.TopicPartitioner. One that doesn't exist fails the record.
func (t *ofTopic) Partition(r *kgo.Record, n int) int {
	if r.Partition >= 0 {
		return int(r.Partition)
	}
	return t.TopicPartitioner.Partition(r, n)
}

// OnNewBatch implements kgo.TopicPartitionerOnNewBatch.
func (t *ofTopic) OnNewBatch() {
	if b, ok := t.TopicPartitioner.(kgo.TopicPartitionerOnNewBatch); ok {
		b.OnNewBatch()
	}
}
