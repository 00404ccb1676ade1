using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>The CPU backend on all usable processors.</summary>
public sealed class CpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost()));

/// <summary>The CPU backend on one thread: no barriers, no split attention.</summary>
public sealed class SingleThreadCpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 1));

/// <summary>The CPU backend on more threads than this machine may have: attention is split, threads are descheduled.</summary>
public sealed class CrowdedCpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 5));
