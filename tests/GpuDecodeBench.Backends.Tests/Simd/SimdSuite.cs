using System.Runtime.Intrinsics;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Tests.Simd;

/// <summary>What every SIMD path must do: each operation on every lane, against plain arithmetic.</summary>
public abstract class SimdSuite(SimdPath path)
{
    private readonly ISimdChecks _checks = path switch
    {
        SimdPath.Avx512 => new SimdChecks<Avx512Simd, Vector512<float>, Vector512<float>>(),
        SimdPath.Avx2 => new SimdChecks<Avx2Simd, Vector256<float>, Avx2Table>(),
        _ => new SimdChecks<PortableSimd, Vector128<float>, PortableTable>(),
    };

    [Fact]
    public void ALineIsAWholeNumberOfRegisters() => _checks.ALineIsAWholeNumberOfRegisters();

    [Fact]
    public void LoadsAndStoresKeepEveryLaneInItsPlaceAndTouchNothingBeyond() =>
        _checks.LoadsAndStoresKeepEveryLaneInItsPlaceAndTouchNothingBeyond();

    [Fact]
    public void ArithmeticIsThatOfEachLane() => _checks.ArithmeticIsThatOfEachLane();

    [Fact]
    public void BitsAndIntegersAreThoseOfEachLane() => _checks.BitsAndIntegersAreThoseOfEachLane();

    [Fact]
    public void TablesGiveEveryEntryWhateverTheOtherBitsOfAnIndexAre() =>
        _checks.TablesGiveEveryEntryWhateverTheOtherBitsOfAnIndexAre();

    [Fact]
    public void EveryReadKernelReadsEveryByteOnce() => _checks.EveryReadKernelReadsEveryByteOnce();

    [Fact]
    public void ThePeakKernelDoesEveryMultiplyAddThatItCounts() =>
        _checks.ThePeakKernelDoesEveryMultiplyAddThatItCounts();
}

[NeedsSimd(SimdPath.Avx512)]
public sealed class Avx512SimdTests() : SimdSuite(SimdPath.Avx512);

[NeedsSimd(SimdPath.Avx2)]
public sealed class Avx2SimdTests() : SimdSuite(SimdPath.Avx2);

public sealed class PortableSimdTests() : SimdSuite(SimdPath.Portable);
