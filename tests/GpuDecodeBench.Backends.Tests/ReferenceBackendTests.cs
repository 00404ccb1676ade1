using GpuDecodeBench.Backends.Reference;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>The reference against itself: the suite, the checker and the reference agree on what a step is.</summary>
public sealed class ReferenceBackendTests() : DecodeBackendSuite(new ReferenceBackend());
