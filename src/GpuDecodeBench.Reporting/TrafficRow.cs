namespace GpuDecodeBench.Reporting;

/// <summary>What the kernels of the operations of one name, or of the whole step, read, beside the plan.</summary>
public sealed record TrafficRow
{
    /// <summary>The weight format.</summary>
    public required string Weights { get; init; }

    /// <summary>The KV format.</summary>
    public required string Kv { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>The operations' name.</summary>
    public required string Operation { get; init; }

    /// <summary>Bytes of weights and KV that the plan has.</summary>
    public required long PlanReadBytes { get; init; }

    /// <summary>Distinct bytes of weights and KV that kernels read.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes that the layout may add at the ends of rows and spans.</summary>
    public required long PaddingBytes { get; init; }

    /// <summary>Bytes of the plan's that the layout may do without.</summary>
    public long SavedBytes { get; init; }

    /// <summary>The useful share of the sectors that loads of weights and KV touched; null where nothing was loaded.</summary>
    public double? UsefulSectorShare { get; init; }

    /// <summary>The share of codes and KV in loads of 16 bytes; null where nothing was loaded.</summary>
    public double? Share16ByteLoads { get; init; }

    /// <summary>Activations and tables that the plan has read.</summary>
    public long PlanOtherReadBytes { get; init; }

    /// <summary>Distinct bytes of activations and tables read.</summary>
    public long OtherReadBytes { get; init; }

    /// <summary>Bytes that the plan has written.</summary>
    public long PlanWriteBytes { get; init; }

    /// <summary>Distinct bytes written.</summary>
    public long WriteBytes { get; init; }

    /// <summary>Distinct bytes read and written that no plan counts.</summary>
    public long ScratchBytes { get; init; }

    /// <summary>Accesses of single threads to local memory.</summary>
    public long LocalAccesses { get; init; }

    /// <summary>Passes over shared memory that conflicts of banks cost.</summary>
    public long SharedBankConflicts { get; init; }

    /// <summary>Instructions of all threads.</summary>
    public long ThreadInstructions { get; init; }

    /// <summary>What was wrong, in words; null where nothing was.</summary>
    public string? Failure { get; init; }

    /// <summary>What was read beyond the plan, as a share of it; null where the plan has nothing.</summary>
    public double? Difference => PlanReadBytes == 0 ? null : (double)(ReadBytes - PlanReadBytes) / PlanReadBytes;

    /// <summary>Whether the kernels read what the plan says.</summary>
    public bool Passed => Failure is null;
}
