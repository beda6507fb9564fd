window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "../openapi/uncloud.yaml",
    dom_id: "#contract",
    deepLinking: true,
    // Nothing is sent to anybody but this server.
    validatorUrl: null,
  });
});
