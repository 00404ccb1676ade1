namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>A piece of a load: about a tenth of a second of work.</summary>
/// <param name="StartSeconds">When it began, in seconds since the load began.</param>
/// <param name="PerSecond">Bytes read per second, or floating-point operations per second.</param>
public readonly record struct LoadBatch(double StartSeconds, double PerSecond);
