using System.ComponentModel;
using System.Diagnostics;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Shell completion: what the program suggests, and that bash makes use of it.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("ver", "verify")]
    [InlineData("run --mod", "--model")]
    [InlineData("run --model llama-3.1-7", "llama-3.1-70b")]
    [InlineData("models qwen3-0", "qwen3-0.6b")]
    [InlineData("roofline --gpu b2", "b200")]
    [InlineData("run --weights bf16,int", "bf16,int8 bf16,int4")]
    [InlineData("run --weights int8,int", "int8,int4")]
    [InlineData("cost -o js", "json jsonl")]
    [InlineData("report a -o ", "html md csv")]
    [InlineData("report a -o h", "html")]
    [InlineData("report a --output j", "")]
    [InlineData("run --device em", "emulator")]
    [InlineData("compare a b --yardstick c", "ceiling")]
    [InlineData("completion b", "bash")]
    [InlineData("cost day --preset ", "deepseek")]
    [InlineData("cost day --scenario r", "")]
    [InlineData("cost day --set day_n", "day_nodes= day_node_gpus=")]
    [InlineData("claims --verdict arith", "arithmetic-error")]
    [InlineData("claims --id cost.mar", "cost.margin")]
    [InlineData("doctor --only memory-pattern,memory-ro", "memory-pattern,memory-rows")]
    [InlineData("doctor --skip ident", "identity")]
    [InlineData("cost --sweep uti", "util= util_target=")]
    [InlineData("cost --sweep util=0.1,", "")]
    [InlineData("cost --sweep reg", "region")]
    [InlineData("cost choose --set tari", "tariff=")]
    [InlineData("cost choose --set tariff=0.08,tari", "")]
    [InlineData("cost choose --set tariff=0.08,pu", "tariff=0.08,pue=")]
    [InlineData("cost choose --gpu al", "all")]
    public void TheLineIsGoneOnWith(string line, string expected)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(expected);
        using var run = new CommandRunner($"[suggest:{line.Length}]", line);
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Equal("", run.Error);
        string word = line.Split(' ')[^1];
        string[] suggested =
        [
            .. run
                .Output.Split('\n')
                .Select(one => one.Trim())
                .Where(one => one.Length > 0 && one.StartsWith(word, StringComparison.Ordinal)),
        ];
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            suggested.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c gpu-decode-bench")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public void EachShellHasAScriptThatAsksTheProgram(string shell, string fact)
    {
        using var run = new CommandRunner("completion", shell);
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains(fact, run.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', run.Output);
    }

    [Fact]
    public void AnotherShellIsRefusedWithThoseThatThereAre()
    {
        using var run = new CommandRunner("completion", "tcsh");
        run.AssertRefused(ExitCodes.BadInput, "'tcsh'", "bash, zsh, fish, powershell");
    }

    /// <summary>
    /// Runs bash with the script and the words of a line, as bash itself does when the tab key is pressed. A function stands for the program:
    /// it notes what it is asked and answers two values, one of which goes on from the word.
    /// </summary>
    [Theory]
    [InlineData("gpu-decode-bench run --model ll", "run --model ll", "llama-3.1-8b qwen3-8b", "llama-3.1-8b")]
    [InlineData("gpu-decode-bench run --device cuda:", "run --device cuda:", "cuda:0 cpu", "0")]
    [InlineData("gpu-decode-bench run --weights bf16,", "run --weights bf16,", "bf16,int8 fp8", "bf16,int8")]
    [InlineData("gpu-decode-bench cost choose --set tari", "cost choose --set tari", "tariff= pue=", "tariff=")]
    [InlineData("gpu-decode-bench compare re", "compare re", "", "")]
    public void BashPutsTheSuggestionsIntoTheLine(string line, string asked, string answers, string completed)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var script = new CommandRunner("completion", "bash");
        string text = $$"""
            gpu-decode-bench() { printf '%s|%s\n' "$1" "$2" >&3; printf '%s\n' {{answers}}; }
            {{script.Output}}
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; _gpu_decode_bench gpu-decode-bench; printf '%s\n' "${COMPREPLY[@]}"
            """;
        string[] printed = Bash(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"[suggest:{asked!.Length}]|{asked}", printed[0]);
        Assert.Equal(completed, string.Join(' ', printed[1..]));
    }

    private static string Bash(string text)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-c", $"exec 3>&1; {text}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process bash = Process.Start(start)!;
            Task<string> errors = bash.StandardError.ReadToEndAsync();
            string output = bash.StandardOutput.ReadToEnd();
            bash.WaitForExit();
            Assert.Equal("", errors.Result);
            return output;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("bash, which every Linux has, is not there.", exception);
        }
    }
}
