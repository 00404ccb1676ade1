using GpuDecodeBench.Backends.Cuda;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>The CUDA backend on an emulated GPU without the matrix instructions that it uses: multiply-adds.</summary>
public sealed class EmulatedTuringTests() : DecodeBackendSuite(new EmulatorBackend(75));

/// <summary>The CUDA backend on an emulated GPU with matrix instructions.</summary>
public sealed class EmulatedAmpereTests() : DecodeBackendSuite(new EmulatorBackend(80));

/// <summary>The CUDA backend on an emulated GPU whose kernels may overlap.</summary>
public sealed class EmulatedHopperTests() : DecodeBackendSuite(new EmulatorBackend(90));
