using System.Text;
using GpuDecodeBench.Backends.Cuda;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>Texts made again of an older one and what <c>diff -n</c> gave.</summary>
public sealed class TextDifferenceTests
{
    [Theory]
    [InlineData("a\nb\nc\n", "", "a\nb\nc\n")]
    [InlineData("a\nb\nc\n", "d1 1\na1 1\nA\n", "A\nb\nc\n")]
    [InlineData("a\nb\nc\n", "a0 1\nfirst\na3 2\nx\ny\n", "first\na\nb\nc\nx\ny\n")]
    [InlineData("a\nb\nc\nd\n", "d2 2\na3 1\nd5 1\n", "a\nd5 1\nd\n")]
    public void LinesAreDeletedAndAdded(string older, string difference, string newer) =>
        Assert.Equal(newer, Encoding.ASCII.GetString(TextDifference.Apply(Bytes(older), Bytes(difference))));

    [Theory]
    [InlineData("c1 1\n")]
    [InlineData("a1\n")]
    [InlineData("d2 1\na0 1\nx\n")]
    public void WhatIsNoDifferenceIsRefused(string difference) =>
        Assert.Throws<InvalidDataException>(() => TextDifference.Apply(Bytes("a\nb\n"), Bytes(difference)));

    [Fact]
    public void KernelsOfSm90AreOfSm90()
    {
        string text = Encoding.ASCII.GetString(CudaKernels.Read(90, "linear_bf16"));
        Assert.Contains(".target sm_90", text, StringComparison.Ordinal);
        Assert.Contains("griddepcontrol.wait;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sm_80", text, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
