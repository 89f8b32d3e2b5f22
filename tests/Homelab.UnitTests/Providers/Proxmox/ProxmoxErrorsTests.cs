using System.Text;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxErrorsTests
{
    private static readonly ProxmoxCredential s_token = new ProxmoxToken(
        new ProxmoxSettings { Url = new Uri("https://pve:8006"), TokenId = "homelab@pve!test" },
        new ProviderContext(new LabDefinition { Name = "test" }, AppContext.BaseDirectory, new Secrets(), TimeProvider.System));

    [Theory]
    [InlineData("VM is locked (backup)", ErrorKind.Conflict, "ProxmoxConflict", true)]
    [InlineData("can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout", ErrorKind.Conflict, "ProxmoxConflict", true)]
    [InlineData("detected modified configuration - file changed by other user? Try again.", ErrorKind.Conflict, "ProxmoxConflict", true)]
    [InlineData("cluster not ready - no quorum?", ErrorKind.Conflict, "ProxmoxConflict", true)]
    [InlineData("QEMU guest agent is not running", ErrorKind.Conflict, "ProxmoxConflict", true)]
    [InlineData("disk image '/x/vm-100-disk-1.qcow2' already exists", ErrorKind.Conflict, "ProxmoxConflict", false)]
    [InlineData("storage 'nosuch' does not exist", ErrorKind.NotFound, "ProxmoxNotFound", false)]
    [InlineData("Configuration file 'nodes/pve/qemu-server/999.conf' does not exist", ErrorKind.NotFound, "ProxmoxNotFound", true)]
    [InlineData("lvcreate 'vg/x' error: insufficient free space", ErrorKind.Failed, "ProxmoxFailed", false)]
    public void A_500_means_what_its_words_say_and_counts_as_undone_only_where_that_is_certain(string message, ErrorKind kind, string id, bool nothingHappened)
    {
        var e = Answered(HttpMethod.Post, "/nodes/pve/qemu/100/status/start", 500, message.Split('\n')[0], $$"""{"data":null,"message":"{{message}}\n"}""");

        Assert.Equal((kind, id, nothingHappened), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(message.TrimEnd('.'), e.Message, StringComparison.Ordinal);
        Assert.True(Answered(HttpMethod.Get, "/x", 500, message).NothingHappened);
    }

    [Fact]
    public void A_missing_privilege_is_named_with_its_place_and_what_grants_it()
    {
        var e = Answered(HttpMethod.Post, "/nodes/pve/qemu/100/status/start", 403, "Permission check failed (/vms/100, VM.PowerMgmt)");

        Assert.Equal((ErrorKind.Denied, "ProxmoxDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Equal(("/vms/100", "VM.PowerMgmt"), (e.Path, e.Privilege));
        Assert.Contains("homelab@pve!test: VM.PowerMgmt is missing on /vms/100.", e.Message, StringComparison.Ordinal);
        Assert.Contains("New-HlProxmoxTokenScript", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_privileges_any_would_do()
    {
        var e = Answered(HttpMethod.Get, "/nodes/pve/qemu/100/config", 403, "Permission check failed (/vms/100, VM.Audit|VM.Config.Disk)");

        Assert.Contains("one of VM.Audit, VM.Config.Disk is missing on /vms/100", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_privilege_without_a_place_is_still_named()
    {
        var e = Answered(HttpMethod.Get, "/nodes/bad_node!/status", 403, "Permission check failed (, Sys.Audit)");

        Assert.Equal((null, "Sys.Audit"), (e.Path, e.Privilege));
        Assert.Contains("Sys.Audit is missing.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_token_may_do_says_that_a_login_may()
    {
        var e = Answered(HttpMethod.Put, "/access/password", 403, "Permission check failed (URI '/access/password' not available with API token, need proper ticket.");

        Assert.Equal((null, null), (e.Path, e.Privilege));
        Assert.Contains("providers.proxmox.login", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_parameter_that_is_objected_to_is_listed()
    {
        var e = Answered(
            HttpMethod.Post,
            "/nodes/pve/qemu",
            400,
            "Parameter verification failed.",
            """{"message":"Parameter verification failed.\n","data":null,"errors":{"name":"invalid format - no DNS name\n","cores":"value must have a minimum value of 1"}}""");

        Assert.Equal((ErrorKind.Invalid, "ProxmoxInvalid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("cores: value must have a minimum value of 1; name: invalid format - no DNS name.", e.Message, StringComparison.Ordinal);
        Assert.Equal(["cores", "name"], e.Fields.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(595, "No route to host", true)]
    [InlineData(596, "", false)]
    public void A_node_that_the_cluster_cannot_reach_is_named(int status, string reason, bool nothingHappened)
    {
        var e = Answered(HttpMethod.Post, "/nodes/pve2/qemu/100/status/start", status, reason);

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxNodeUnreachable", nothingHappened), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("its node pve2", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason.Length > 0 ? reason : "HTTP 596", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Authentication failed!", ErrorKind.Denied, "ProxmoxLoginRefused", true, "Test-HlProxmoxToken")]
    [InlineData(401, "No ticket", ErrorKind.Denied, "ProxmoxLoginRefused", true, "Authorization header")]
    [InlineData(501, "Method 'GET /nosuch' not implemented", ErrorKind.Failed, "ProxmoxUnsupported", true, "does not know")]
    [InlineData(502, "Bad Gateway", ErrorKind.Unavailable, "ProxmoxUnreachable", false, "proxy")]
    [InlineData(301, "Moved Permanently", ErrorKind.Failed, "ProxmoxAnswerUnreadable", false, "Proxmox's API?")]
    [InlineData(404, "Not Found", ErrorKind.Failed, "ProxmoxAnswerUnreadable", true, "Proxmox's API?")]
    public void Each_status_has_its_kind_and_its_way_out(int status, string reason, ErrorKind kind, string id, bool nothingHappened, string says)
    {
        var e = ProxmoxErrors.Answered("pve:8006", Request(HttpMethod.Post, "/nosuch"), new ProxmoxAnswer(status, reason, null, default), s_token);

        Assert.Equal((kind, id, nothingHappened), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason.TrimEnd('.'), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_words_are_cleaned_and_cut()
    {
        var e = Answered(HttpMethod.Get, "/version", 500, "x", $$$"""{"message":"a\u001b[31mb\nc{{{new string('z', 1_000)}}}","errors":{"a\u0007":"1","a\u0008":"2"}}""");

        Assert.Contains("a [31mb c", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', e.Message);
        Assert.InRange(e.Message.Length, 300, 500);
        Assert.Equal("1", Assert.Single(e.Fields).Value);
    }

    [Theory]
    [InlineData("""{"message":1,"errors":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("<html>no</html>")]
    public void An_answer_without_a_message_is_known_by_its_reason_phrase(string body) =>
        Assert.Contains("failed at GET /version: the reason", Answered(HttpMethod.Get, "/version", 500, "the reason", body).Message, StringComparison.Ordinal);

    [Fact]
    public void A_message_that_is_no_text_at_all_is_no_new_failure()
    {
        byte[] body = [.. "{\"message\":\"\xff"u8[..12], 0xFF, .. "\"}"u8];

        Assert.Equal("ProxmoxFailed", ProxmoxErrors.Answered("pve:8006", Request(HttpMethod.Get, "/version"), new ProxmoxAnswer(500, "the reason", null, body), s_token).Id);
    }

    private static ProxmoxRefusal Answered(HttpMethod method, string path, int status, string reason, string body = "") =>
        Assert.IsType<ProxmoxRefusal>(ProxmoxErrors.Answered("pve:8006", Request(method, path), new ProxmoxAnswer(status, reason, "application/json", Encoding.UTF8.GetBytes(body)), s_token));

    private static ProxmoxRequest Request(HttpMethod method, string path) => new(method, path, ProxmoxForm.Empty, ProxmoxWire.Prompt);
}
