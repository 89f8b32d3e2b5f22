using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What reads the recordings and compares with them is tested itself: a comparison that finds nothing would prove nothing.</summary>
public sealed class RecordingTests
{
    private const string Sample = """
        # a note
        > PUT /api2/json/nodes/pve/qemu/110/config?x=1 HTTP/1.1
        > Host: pve.home.arpa:8006
        > Content-Length: 12
        >
        > memory=300&a
        < HTTP/1.1 500 VM is locked (backup)
        < Server: pve-api-daemon/3.0
        < Content-Type: application/json;charset=UTF-8
        <
        < {"data":null,"message":"VM is locked (backup)\n"}

        > GET /api2/json/version HTTP/1.1
        > Host: pve.home.arpa:8006
        < HTTP/1.1 401 No ticket
        < Server: pve-api-daemon/3.0

        > GET /api2/json/nodes HTTP/1.1
        < HTTP/1.1 200 OK
        < Content-Type: application/json;charset=UTF-8
        <
        < {"data":[{"a":1,"b":{"c":2,"dd… [truncated, 1447 chars]
        """;

    [Fact]
    public void A_recording_is_read_with_its_notes_bodies_and_what_was_abridged()
    {
        var exchanges = RecordedExchange.ReadAll("x", Sample.ReplaceLineEndings("\n"));

        Assert.Equal(["a note", "", ""], exchanges.Select(static e => e.Note));
        Assert.Equal(("PUT", "/nodes/pve/qemu/110/config", "memory=300&a"), (exchanges[0].Method, exchanges[0].Path, exchanges[0].Body));
        Assert.Equal((500, "VM is locked (backup)", true), (exchanges[0].Status, exchanges[0].Reason, exchanges[0].IsJson));
        Assert.Equal((401, "No ticket", "", false), (exchanges[1].Status, exchanges[1].Reason, exchanges[1].Answer, exchanges[1].IsJson));
        Assert.True(exchanges[2].Abridged);
        Assert.Equal("""{"data":[{"a":1,"b":{"c":2}}]}""", AbridgedJson.Read(exchanges[2].Answer)!.ToJsonString());
    }

    [Fact]
    public void Every_recording_is_read_to_its_end()
    {
        Assert.SkipWhen(VendorFiles.Folder is null, VendorFiles.Absent);

        var read = VendorFiles.Recordings.ToDictionary(static name => name, static name => VendorFiles.Read(name).Count, StringComparer.Ordinal);

        Assert.Equal(8, read.Count);
        foreach (var (name, count) in read)
        {
            var asked = File.ReadLines(Path.Combine(VendorFiles.Folder!, "samples", name + ".txt")).Count(static l => l.StartsWith('>') && l.EndsWith(" HTTP/1.1", StringComparison.Ordinal));
            Assert.Equal(asked, count);
        }
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: recorded 1, here 2")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "a: recorded number 1, here string \"1\"")]
    [InlineData("""{"a":1}""", """{}""", "a: is missing; recorded 1")]
    [InlineData("""{}""", """{"a":1}""", "a: was not recorded; here 1")]
    [InlineData("""{"mem":1}""", """{"mem":9}""", "")]
    [InlineData("""{"mem":1}""", """{"mem":"9"}""", "mem: recorded number 1, here string \"9\"")]
    [InlineData("""{"l":[{"key":"a","value":1},{"key":"b","value":2}]}""", """{"l":[{"key":"b","value":2},{"key":"a","value":1}]}""", "")]
    [InlineData("""{"l":[{"key":"a","value":1},{"key":"b","value":2}]}""", """{"l":[{"key":"b","value":3},{"key":"a","value":1}]}""", "l[key=b].value: recorded 2, here 3")]
    [InlineData("""{"l":[{"key":"a"}]}""", """{"l":[{"key":"b"}]}""", "l[key=a]: is missing; recorded {\"key\":\"a\"}|l[key=b]: was not recorded; here {\"key\":\"b\"}")]
    [InlineData("""{"d":"be26eed685a4cb7b74c08997586a9f00aabcf141"}""", """{"d":"4d0a817a5057c0fdad21e486aa320927b6b4a931"}""", "")]
    [InlineData("""{"d":"be26eed685a4cb7b74c08997586a9f00aabcf141"}""", """{"d":"zz"}""", "d: recorded \"be26eed685a4cb7b74c08997586a9f00aabcf141\", here \"zz\"")]
    [InlineData("""{"d":"UPID:pve:00000F00:0005EDAB:6B00E45B:qmstart:110:root@pam!lab:"}""", """{"d":"UPID:pve:00000001:00000002:6B00E45C:qmstart:110:root@pam!lab:"}""", "")]
    [InlineData("""{"d":"UPID:pve:00000F00:0005EDAB:6B00E45B:qmstart:110:root@pam!lab:"}""", """{"d":"UPID:pve:00000001:00000002:6B00E45C:qmstop:110:root@pam!lab:"}""", "d: recorded *")]
    [InlineData("""{"d":"UPID:pve:00000F00:0005EDAB:6B00E45B:qmstart:110:root@pam!lab:"}""", """{"d":"UPID:pve:1:2:3:qmstart:110:root@pam!lab:"}""", "d: recorded *")]
    [InlineData("""{"data":null}""", """{"data":{}}""", "data: recorded nothing null, here object {}")]
    public void Answers_are_compared_by_keys_kinds_and_stable_values(string recorded, string here, string expected)
    {
        var found = string.Join('|', Resemblance.Compare(JsonNode.Parse(recorded), JsonNode.Parse(here), abridged: false));

        if (expected.EndsWith('*')) Assert.StartsWith(expected.TrimEnd('*'), found, StringComparison.Ordinal);
        else Assert.Equal(expected, found);
    }

    [Fact]
    public void Of_an_abridged_answer_only_what_is_there_is_compared()
    {
        Assert.Empty(Resemblance.Compare(JsonNode.Parse("""{"a":1}"""), JsonNode.Parse("""{"a":1,"b":2}"""), abridged: true));
        Assert.Single(Resemblance.Compare(JsonNode.Parse("""{"c":1}"""), JsonNode.Parse("""{"a":1,"b":2}"""), abridged: true));
    }

    [Fact]
    public void Task_ids_and_tickets_are_put_into_later_requests_as_they_are_called_here()
    {
        var names = new RecordedNames();
        names.Learn(JsonNode.Parse("""{"data":"UPID:a:1:"}"""), JsonNode.Parse("""{"data":"UPID:b:2:"}"""));
        names.Learn(JsonNode.Parse("""{"data":{"ticket":"PVE:root@pam:6B00::c2ln","CSRFPreventionToken":"6B00:Y3Ny"}}"""), JsonNode.Parse("""{"data":{"ticket":"PVE:root@pam:7C00::oursoursours","CSRFPreventionToken":"7C00:ours"}}"""));

        Assert.Equal("/tasks/UPID%3Ab%3A2%3A/status UPID:b:2:", names.Translate("/tasks/UPID%3Aa%3A1%3A/status UPID:a:1:"));
        Assert.Equal("7C00:ours", names.Translate("6B00:Y3Ny"));
        Assert.Equal("PVEAuthCookie=PVE%3Aroot%40pam%3A7C00%3A%3Aoursoursours", names.Translate("PVEAuthCookie=PVE%3Aroot%40pam%3A6B00%3A%3Agenuine"));
        Assert.Equal("PVEAuthCookie=PVE%3Aroot%40pam%3A7C00%3A%3AoursAAAAAAA%3D", names.Translate("PVEAuthCookie=PVE%3Aroot%40pam%3A6B00%3A%3Aforged"));
    }

    [Fact]
    public void The_description_is_found_by_template_and_by_path()
    {
        Assert.SkipWhen(VendorFiles.Folder is null, VendorFiles.Absent);
        var vendor = ApiDescription.Vendor!;

        Assert.Equal(649, vendor.Methods.Count);
        Assert.Same(vendor.Find("POST", "/nodes/{node}/qemu/{vmid}/status/start"), vendor.Resolve("POST", "/nodes/pve/qemu/110/status/start"));
        Assert.Null(vendor.Resolve("POST", "/nodes/pve/lxc/110/config"));
        Assert.NotNull(vendor.Find("PUT", "/nodes/{node}/qemu/{vmid}/config")!.Parameter("net7"));
        Assert.Null(vendor.Find("PUT", "/nodes/{node}/qemu/{vmid}/config")!.Parameter("nonsense7"));
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string","optional":1}}}}""", """[{"a":1},{"a":"2","b":"x"}]""", 0)]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"a":{"type":"integer"}}}}""", """[{"b":1},{"a":"x"}]""", 2)]
    [InlineData("""{"type":"null"}""", """{}""", 1)]
    [InlineData("""{"type":"string","enum":["x"]}""", "\"y\"", 1)]
    [InlineData("""{"type":"object"}""", "[]", 1)]
    public void What_a_method_gave_is_held_against_its_description(string schema, string data, int expected) =>
        Assert.Equal(expected, DescribedShape.Compare(System.Text.Json.JsonDocument.Parse(schema).RootElement, JsonNode.Parse(data)).Count());
}
