namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Runs a few PTX statements for many inputs: a, b, c come in %d1 %d2 %d3, %r1…, %h1…; the result is in %d0, %r0 or %h0.</summary>
internal static class Snippet
{
    public static ulong[] Run(string statements, params (ulong A, ulong B, ulong C)[] inputs)
    {
        var result =
            statements.Contains("%d0", StringComparison.Ordinal) ? ""
            : statements.Contains("%r0", StringComparison.Ordinal) ? "cvt.u64.u32 %d0, %r0;"
            : "cvt.u64.u16 %d0, %h0;";
        var kernel = PtxModule.Parse(Text(statements + "\n" + result)).Kernels["k"];
        using var device = new EmulatedDevice(new() { Workers = 1 });
        var input = device.Upload<ulong>("in", [.. inputs.SelectMany(i => new[] { i.A, i.B, i.C })]);
        var output = device.GlobalMemory.Allocate(inputs.Length * 8, "out");
        for (var first = 0; first < inputs.Length; first += 512)
        {
            var count = Math.Min(512, inputs.Length - first);
            var parameters = new Parameters().Add(input + (ulong)(24 * first)).Add(output + (ulong)(8 * first));
            device.Run(kernel, 1, count, parameters);
        }
        return device.Download<ulong>(output, inputs.Length);
    }

    public static string Text(string body, string declarations = "") =>
        $$"""
            .version 8.4
            .target sm_90
            .address_size 64
            .visible .entry k(.param .u64 pin, .param .u64 pout)
            {
                .reg .pred %p<8>;
                .reg .b16 %h<8>;
                .reg .b32 %r<32>;
                .reg .b64 %d<32>;
                {{declarations}}
                mov.u32 %r31, %tid.x;
                ld.param.u64 %d30, [pin];
                ld.param.u64 %d31, [pout];
                mul.wide.u32 %d29, %r31, 24;
                add.s64 %d30, %d30, %d29;
                mul.wide.u32 %d29, %r31, 8;
                add.s64 %d31, %d31, %d29;
                ld.global.u64 %d1, [%d30];
                ld.global.u64 %d2, [%d30+8];
                ld.global.u64 %d3, [%d30+16];
                cvt.u32.u64 %r1, %d1;
                cvt.u32.u64 %r2, %d2;
                cvt.u32.u64 %r3, %d3;
                cvt.u16.u64 %h1, %d1;
                cvt.u16.u64 %h2, %d2;
                cvt.u16.u64 %h3, %d3;
                {{body}}
                st.global.u64 [%d31], %d0;
                ret;
            }
            """;
}
