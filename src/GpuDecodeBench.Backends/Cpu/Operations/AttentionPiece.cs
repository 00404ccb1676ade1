namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>The tokens of one sequence that one item of attention reads for some KV heads.</summary>
internal readonly record struct AttentionPiece(int Sequence, int KvHead, int Index, int FirstToken, int EndToken);
