using GpuDecodeBench.Reporting.Rendering;

namespace GpuDecodeBench.Reporting.Tests;

public class RendererTests
{
    [Fact]
    public void MarkupInNamesIsShownNotObeyed()
    {
        string text = Render.Table(Named("[red]x[/] [[unclosed"), colour: true);
        Assert.Contains("[red]x[/] [[unclosed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[38", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AConsoleWithoutColourGetsNoEscapes() =>
        Assert.DoesNotContain('\u001b', Render.Table(Named("\u001b[31mred\u0007")));

    [Theory]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("\u001b]0;title\u0007", "?]0;title?")]
    [InlineData("abc\u202Ecba", "abc?cba")]
    [InlineData("Größe 模型", "Größe 模型")]
    public void TextBecomesOneSafeLine(string text, string safe) => Assert.Equal(safe, SafeText.OneLine(text));

    [Fact]
    public void ALoneSurrogateIsReplaced() => Assert.Equal("a?b", SafeText.OneLine("a\ud800b"));

    [Fact]
    public void ColumnsGoInTheirOrderUntilTheTableFits()
    {
        ResultTable table = Wide();
        Assert.Contains("Left out to fit 44 columns: C.", Render.Table(table, 44), StringComparison.Ordinal);
        Assert.Contains("Left out to fit 36 columns: B, C.", Render.Table(table, 36), StringComparison.Ordinal);
        Assert.DoesNotContain("Left out", Render.Table(table, 60), StringComparison.Ordinal);
        string narrowest = Render.Table(table, 10);
        Assert.Contains("A", narrowest, StringComparison.Ordinal);
        Assert.All(narrowest.Split('\n'), line => Assert.True(line.Length <= 10, line));
    }

    [Fact]
    public void SeveralTablesStandUnderOneHeaderAndSayWhichTheyAre()
    {
        ResultTable first = Of("one, quoted", ["a", "b"], ["1", "2"]);
        ResultTable second = Of("two", ["c", "a"], ["3", "4"]);
        using var writer = new StringWriter();
        CsvRenderer.Render([first, second], writer);
        Assert.Equal("table,a,b,c\r\n\"one, quoted\",1,2,\r\ntwo,4,,3\r\n", writer.ToString());

        using var alone = new StringWriter();
        CsvRenderer.Render([first], alone);
        Assert.Equal(Render.Csv(first), alone.ToString());

        static ResultTable Of(string title, string[] columns, string[] cells) =>
            new(
                title,
                [.. columns.Select(name => new ResultColumn { Header = name, CsvName = name })],
                [
                    [.. cells.Select(ResultCell.Of)],
                ],
                []
            );
    }

    [Fact]
    public void MachineColumnsAreInCsvAlone()
    {
        var table = new ResultTable(
            "t",
            [
                new ResultColumn { Header = "h", CsvName = "seen" },
                new ResultColumn
                {
                    Header = "hidden",
                    CsvName = "m",
                    MachineOnly = true,
                },
            ],
            [
                [ResultCell.Of("a"), ResultCell.Of("secret")],
            ],
            []
        );
        Assert.Equal("seen,m\r\na,secret\r\n", Render.Csv(table));
        Assert.DoesNotContain("secret", Render.Table(table, 200), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Render.Markdown(table), StringComparison.Ordinal);
    }

    [Fact]
    public void CsvReadsBackWhatWasWritten()
    {
        var random = new Random(7);
        const string alphabet = "a,\"\r\n|;\t é";
        for (int i = 0; i < 500; i++)
        {
            string[] fields =
            [
                .. Enumerable.Range(0, 3).Select(_ => new string(random.GetItems<char>(alphabet, random.Next(6)))),
            ];
            var table = new ResultTable(
                "t",
                [.. "xyz".Select(c => new ResultColumn { Header = $"{c}", CsvName = $"{c}" })],
                [
                    [.. fields.Select(ResultCell.Of)],
                ],
                []
            );
            Assert.Equal(fields, ReadCsv(Render.Csv(table))[1]);
        }
    }

    [Fact]
    public void CsvNumbersComeBackToTheLastBit()
    {
        double value = 0.1 + 0.2;
        string csv = Render.Csv(
            new ResultTable(
                "t",
                [new ResultColumn { Header = "x", CsvName = "x" }],
                [
                    [ResultCell.Of(value, Quantity.Digits)],
                ],
                []
            )
        );
        Assert.Equal(value, double.Parse(ReadCsv(csv)[1][0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void MarkdownRowsKeepTheirCellsWhateverTheNames()
    {
        string markdown = Render.Markdown(Named("a|b\n<script>alert(1)</script> `c` *d* _e_ f_g [h](i) \\"));
        string row = markdown.Split('\n')[4];
        Assert.Equal(@"| a\|b &lt;script&gt;alert(1)&lt;/script&gt; \`c\` \*d\* \_e\_ f_g \[h\](i) \\ |", row);
    }

    [Fact]
    public void RowsOfTheWrongLengthAreRefused() =>
        Assert.Throws<ArgumentException>(() =>
            new ResultTable(
                "t",
                [new ResultColumn { Header = "x", CsvName = "x" }],
                [
                    [],
                ],
                []
            )
        );

    [Fact]
    public void WhatIsNotKnownOrNotFiniteIsADashNotAZero()
    {
        foreach (double? value in new double?[] { null, double.NaN, double.PositiveInfinity })
        {
            ResultCell cell = ResultCell.Of(value, Quantity.Digits);
            Assert.Equal("–", cell.Text);
            Assert.Equal("", cell.Exact);
        }
    }

    private static ResultTable Named(string name) =>
        new(
            name,
            [new ResultColumn { Header = "Name", CsvName = "name" }],
            [
                [ResultCell.Of(name)],
            ],
            [name]
        );

    private static ResultTable Wide() =>
        new(
            "t",
            [
                new ResultColumn { Header = "A", CsvName = "a" },
                new ResultColumn
                {
                    Header = "B",
                    CsvName = "b",
                    DropOrder = 1,
                },
                new ResultColumn
                {
                    Header = "C",
                    CsvName = "c",
                    DropOrder = 2,
                },
            ],
            [
                [.. Enumerable.Repeat(ResultCell.Of(new string('x', 15)), 3)],
            ],
            []
        );

    private static List<List<string>> ReadCsv(string text)
    {
        List<List<string>> records =
        [
            [],
        ];
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                records[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    records.Add([]);
                }
            }
            else if (quoted || c != '\r')
            {
                field.Append(c);
            }
        }

        return records;
    }
}
