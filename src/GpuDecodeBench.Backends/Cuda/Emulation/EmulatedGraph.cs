namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Captured work.</summary>
/// <param name="Nodes">Its pieces, in the order in which they are done.</param>
internal sealed record EmulatedGraph(IReadOnlyList<EmulatedNode> Nodes);
