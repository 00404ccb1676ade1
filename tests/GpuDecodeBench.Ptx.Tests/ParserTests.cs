namespace GpuDecodeBench.Ptx.Tests;

public sealed class ParserTests
{
    [Theory]
    [InlineData("frobnicate.u32 %r1, %r2;", "frobnicate")]
    [InlineData("add.wobbly.u32 %r1, %r1, %r2;", "wobbly")]
    [InlineData("add.u32 %r1, %q1, %r2;", "%q1")]
    [InlineData("add.u32 %r1, %d1, %r2;", "%d1")]
    [InlineData("bra NOWHERE;", "NOWHERE")]
    [InlineData("call.uni foo;", "call")]
    [InlineData("ld.global.L9::never.u32 %r1, [%d1];", "L9::never")]
    public void What_is_not_known_is_refused_by_name_and_line(string statement, string name)
    {
        var text = Snippet.Text("mov.u64 %d0, 0;\n" + statement);
        var module = PtxModule.Parse(text);

        var refusal = Assert.Throws<PtxException>(module.CheckAll);

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(statement.TrimEnd(';'), refusal.Statement);
        Assert.Contains(statement, text.Split('\n')[refusal.Line - 1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_says_what_its_kernels_need()
    {
        var module = TestContext.Fixture("basic.ptx");
        var kernel = module.Kernels["matvec"];

        Assert.Equal("sm_80", module.Target);
        Assert.Equal(new Version(8, 0), module.Version);
        Assert.Equal(36, kernel.ParameterBytes);
        Assert.Equal([0, 8, 16, 24, 32], kernel.ParameterOffsets);
        Assert.Equal(32, kernel.StaticSharedBytes);
        Assert.Equal(256, kernel.MaxThreads);
        Assert.Equal(0, kernel.LocalBytes);
        Assert.Null(module.Kernels["axpy"].MaxThreads);
    }

    [Fact]
    public void Instructions_can_be_listed_with_their_lines()
    {
        var kernel = TestContext.Fixture("basic.ptx").Kernels["matvec"];

        var streams = kernel
            .Instructions.Where(i => i.Opcode.Contains("L1::no_allocate", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(streams);
        Assert.All(streams, i => Assert.Equal("ld.global.nc.L1::no_allocate.L2::128B.v4.u32", i.Opcode));
        Assert.DoesNotContain(kernel.Instructions, i => i.Opcode.Contains(".local", StringComparison.Ordinal));
    }

    [Fact]
    public void Braces_open_scopes_for_registers_and_labels()
    {
        const string Body = """
            mov.u32 %r0, 1;
            { .reg .b32 %t; mov.u32 %t, 5; bra DONE; mov.u32 %t, 9; DONE: add.u32 %r0, %r0, %t; }
            { .reg .b32 %t<2>; mov.u32 %t1, 7; bra DONE; mov.u32 %t1, 9; DONE: add.u32 %r0, %r0, %t1; }
            """;

        Assert.Equal(13ul, Snippet.Run(Body, (0, 0, 0))[0]);
    }

    [Fact]
    public void Numbers_are_read_in_all_their_forms()
    {
        var result = Snippet.Run(
            "mov.f32 %r4, 0f40000000; mov.b32 %r5, 0x10; mov.u32 %r6, -1; mov.u32 %r7, 0b101; mov.u32 %r8, 010; "
                + "add.u32 %r0, %r4, %r5; add.u32 %r0, %r0, %r6; add.u32 %r0, %r0, %r7; add.u32 %r0, %r0, %r8;",
            (0, 0, 0)
        );

        Assert.Equal(0x4000_0000u + 16 - 1 + 5 + 8, (uint)result[0]);
    }
}
