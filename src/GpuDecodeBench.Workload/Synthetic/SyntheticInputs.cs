using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>What a synthetic step is given: a token and a position for each sequence, and where its cache blocks lie.</summary>
public static class SyntheticInputs
{
    /// <summary>The token id that each sequence feeds in.</summary>
    public static int[] Tokens(ulong seed, DecodeStepPlan plan)
    {
        ulong stream = SyntheticRandom.Derive(seed, 0x546F6B);
        var tokens = new int[plan.Conditions.Batch];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (int)(
                SyntheticRandom.Mix(stream + ((ulong)i * SyntheticRandom.Increment)) % (ulong)plan.Model.VocabularySize
            );
        }

        return tokens;
    }

    /// <summary>
    /// For each sequence its cache blocks in the order of its tokens. The blocks of all sequences are shuffled together, as scattered as
    /// in a server that has run for a while.
    /// </summary>
    public static int[][] BlockTables(ulong seed, DecodeStepPlan plan)
    {
        var blocks = new int[plan.KvBlocks];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = i;
        }

        ulong stream = SyntheticRandom.Derive(seed, 0x426C6B);
        for (int i = blocks.Length - 1; i > 0; i--)
        {
            int j = (int)(SyntheticRandom.Mix(stream + ((ulong)i * SyntheticRandom.Increment)) % (ulong)(i + 1));
            (blocks[i], blocks[j]) = (blocks[j], blocks[i]);
        }

        var tables = new int[plan.Conditions.Batch][];
        int next = 0;
        for (int sequence = 0; sequence < tables.Length; sequence++)
        {
            int count = plan.KvBlocksOf(plan.Conditions.ContextTokens[sequence]);
            tables[sequence] = blocks[next..(next + count)];
            next += count;
        }

        return tables;
    }
}
