using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>What stands under a comparison of how its sides used the device.</summary>
public sealed class ComparisonSourceTests
{
    [Fact]
    public void WhatOnlyOneSidesDeviceDidIsSaidOfEachSide()
    {
        ComparisonSource[] sides =
        [
            new("before", [Run("9.0, CUDA 12.4, operations apart")]),
            new("same", [Run("9.0, CUDA 12.4, operations apart")]),
            new("after", [Run("9.0, CUDA 12.4, products ask for 2 groups ahead; kernels of nvcc")]),
            new("newer", [Run("9.0, CUDA 13.0, operations apart"), Run("9.0, CUDA 12.4, operations apart")]),
        ];
        Assert.Equal(
            [
                "The device was used otherwise: the baseline alone: operations apart; after alone: products ask for 2 groups ahead, kernels of nvcc.",
                "The device was used otherwise: newer alone: CUDA 13.0.",
            ],
            ComparisonSource.UsedOtherwise(sides)
        );
    }

    [Fact]
    public void OfARecordThatDoesNotTellNothingIsSaid()
    {
        Assert.Empty(ComparisonSource.UsedOtherwise([new("before", [Run("AVX-512")]), new("after", [Run(null)])]));
        Assert.Empty(ComparisonSource.UsedOtherwise([new("before", [Run(null)]), new("after", [Run("AVX-512")])]));
    }

    [Fact]
    public void OtherHardwareAndOtherSoftwareDifferAnyhow()
    {
        RunRecord run = Run("9.0, CUDA 12.4");
        Assert.Empty(
            ComparisonSource.UsedOtherwise([
                new("before", [run]),
                new("card", [Run("8.0") with { Device = run.Device with { Name = "Other", Detail = "8.0" } }]),
                new("peer", [Run("PyTorch") with { Tool = run.Tool with { Name = "pytorch peer step" } }]),
            ])
        );
    }

    private static RunRecord Run(string? detail)
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point());
        return record with { Device = record.Device with { Detail = detail } };
    }
}
